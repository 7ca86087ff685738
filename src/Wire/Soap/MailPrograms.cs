using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Knows mail programs of people by what they call themselves.</summary>
public static class MailPrograms
{
    // Libraries name themselves too (MIME::Lite, JavaMail): whoever is not here counts as a program.
    private static readonly string[] Names =
    [
        "Thunderbird", "Outlook", "Apple Mail", "iPhone Mail", "iPad Mail", "Evolution", "KMail", "Mutt", "Roundcube", "Claws Mail", "Sylpheed",
        "K-9 Mail", "FairEmail", "eM Client", "The Bat!", "Zimbra", "Gnus", "aerc", "Alpine", "Postbox", "SeaMonkey", "Horde", "SquirrelMail", "SOGo",
        "Nextcloud Mail", "Lotus Notes", "GroupWise", "BlueMail", "Spark", "Geary",
    ];

    /// <summary>Whether User-Agent or X-Mailer is one of them.</summary>
    public static bool Wrote(HeaderFields mail) => IsOne(mail.Text("User-Agent")) || IsOne(mail.Text("X-Mailer"));

    private static bool IsOne(string? text) => text is not null && Array.Exists(Names, name => text.Contains(name, StringComparison.OrdinalIgnoreCase));
}
