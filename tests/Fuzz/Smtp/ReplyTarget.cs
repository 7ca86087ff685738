using System.Buffers;
using Relay.Wire.Smtp;

namespace Relay.Fuzz.Smtp;

/// <summary>What a server may send to our client.</summary>
internal sealed class ReplyTarget : IFuzzTarget
{
    public string Name => "smtp-reply";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Fuzz.Seeds.Text("250 2.0.0 ok\n"),
        Fuzz.Seeds.Text("250-mx.example\n250-SIZE 1000\n250-AUTH PLAIN LOGIN\n250 PIPELINING\n"),
        Fuzz.Seeds.Text("550-5.1.1 no\n550 5.1.1 such mailbox\n421\n"),
    ];

    public IReadOnlyList<string> Words { get; } = ["250 ", "250-", "354 ", "421", "5.1.1 ", "\r\n", "SIZE ", "AUTH ", "99999999999999999999"];

    public string Read(byte[] input)
    {
        var replies = 0;
        var buffer = new ReadOnlySequence<byte>(input);
        while (SmtpReplyReader.TryRead(ref buffer, out var reply) == SmtpReadStatus.Done)
        {
            Promise.Holds(reply!.Code is >= 200 and < 600, "codes have three digits and a meaning");
            Promise.Holds(!reply.Text.Replace('\n', ' ').Any(char.IsControl), "lines are cut and can be shown");
            var capabilities = SmtpCapabilities.Read(reply.Text);
            Promise.Holds(capabilities.MaxSize is null or > 0, "a size is a size");
            var written = new ArrayBufferWriter<byte>();
            SmtpReplyWriter.Write(reply, written);
            var again = new ReadOnlySequence<byte>(written.WrittenMemory);
            Promise.Holds(SmtpReplyReader.TryRead(ref again, out var same) == SmtpReadStatus.Done && same!.Code == reply.Code && again.IsEmpty, "what is written is one reply");
            replies++;
        }

        return replies switch { 0 => "no reply", 1 => "one reply", _ => "several replies" };
    }
}
