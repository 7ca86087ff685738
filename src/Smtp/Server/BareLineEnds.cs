namespace Relay.Smtp.Server;

/// <summary>What becomes of a CR without LF, or a LF without CR, in the content of a mail (RFC 5321 §2.3.8).</summary>
public enum BareLineEnds
{
    /// <summary>550 5.5.2, and the session ends: whoever sends such lines may mean them to be taken for others.</summary>
    Refuse,

    /// <summary>Stored as CRLF. It still ends no data, and no dot behind it is a stuffed one: where a mail ends, only CRLF says.</summary>
    Convert,
}
