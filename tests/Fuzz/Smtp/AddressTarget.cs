using System.Text;
using Relay.Wire.Smtp;

namespace Relay.Fuzz.Smtp;

/// <summary>Addresses, wherever they come from.</summary>
internal sealed class AddressTarget : IFuzzTarget
{
    public string Name => "smtp-address";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Fuzz.Seeds.Text("a.b@x.example"), Fuzz.Seeds.Text("\"a \\\" b\"@x"), Fuzz.Seeds.Text("a@[IPv6:2001:db8::1]"), Fuzz.Seeds.Text("a@[127.0.0.1]"),
        Encoding.UTF8.GetBytes("jörg@bücher.example"), Fuzz.Seeds.Text("postmaster"),
    ];

    public IReadOnlyList<string> Words { get; } = ["@", "\"", "\\", ".", "[", "]", "IPv6:", "<", ">", "\r\n", "%eth0", "postmaster"];

    public string Read(byte[] input)
    {
        if (!MailAddress.TryParse(Encoding.UTF8.GetString(input), out var address))
        {
            return "no address";
        }

        var text = address.ToString();
        Promise.Holds(!text.Any(char.IsControl), "no address ends a line");
        Promise.Holds(MailAddress.TryParse(text, out var again) && again == address, "what is written reads the same");
        Promise.Holds(text.Length <= (2 * 64) + 3 + 255, "addresses have a length");
        return "address";
    }
}
