using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>What a mail says its request is. Every toolkit has its own place for it.</summary>
internal static class SoapAction
{
    /// <summary>The <c>action</c> parameter, else SOAPAction of the part, else of the mail.</summary>
    public static string? Declared(MimeEntity mail, MimeEntity part) =>
        Clean(part.ContentType.Action)
        ?? Clean(Field(part, "SOAPAction"))
        ?? Clean(Field(mail, "SOAPAction"));

    /// <summary>The hints of lesser weight: X-SOAPAction (TclSOAP), a Subject <c>SOAPAction: x</c> with or without <c>Re:</c> (Axis2).</summary>
    public static string? Hinted(MimeEntity mail, MimeEntity part) =>
        Clean(Field(part, "X-SOAPAction")) ?? Clean(Field(mail, "X-SOAPAction")) ?? FromSubject(mail.Headers.Text("Subject"));

    private static string? Field(MimeEntity entity, string name) => entity.Headers.Text(name, " \t\r\n\""u8);

    /// <summary>Quotes stripped; the empty string and the word null, which Axis2 writes for want of an action, say nothing.</summary>
    private static string? Clean(string? raw)
    {
        var action = raw?.Trim().Trim('"').Trim();
        return action is null or "" or "null" ? null : HeaderText.Clean(action);
    }

    private static string? FromSubject(string? subject)
    {
        var text = (subject ?? "").AsSpan().Trim();
        if (text.StartsWith("Re:", StringComparison.OrdinalIgnoreCase))
        {
            text = text[3..].TrimStart();
        }

        return text.StartsWith("SOAPAction:", StringComparison.OrdinalIgnoreCase) ? Clean(text["SOAPAction:".Length..].ToString()) : null;
    }
}
