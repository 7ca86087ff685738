namespace Relay.Wire.Ews;

/// <summary>How a request names a folder.</summary>
public abstract record FolderReference
{
    private FolderReference()
    {
    }

    /// <summary>A folder that every mailbox has.</summary>
    /// <param name="Name">As in the schema: <c>inbox</c>, <c>deleteditems</c>, <c>msgfolderroot</c> …</param>
    /// <param name="Mailbox">The address in <c>t:Mailbox</c>; null means the caller's own or the impersonated mailbox.</param>
    public sealed record Distinguished(string Name, string? Mailbox = null) : FolderReference;

    /// <summary>A folder by the id that the server gave it.</summary>
    /// <param name="Id">The id; its change key is not looked at.</param>
    public sealed record ById(EwsId Id) : FolderReference;
}
