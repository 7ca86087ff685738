using System.Diagnostics.CodeAnalysis;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>An envelope found in a mail, not parsed yet.</summary>
/// <remarks>What the mail says of it is read when it is asked for.</remarks>
public sealed record SoapMailRequest : MailFacts
{
    private readonly MimeEntity _mail;
    private readonly MimeEntity _part;

    /// <summary>Begins with the mail and the part that the envelope was found in; initializers complete it.</summary>
    [SetsRequiredMembers]
    internal SoapMailRequest(MimeEntity mail, MimeEntity part)
        : base(mail.Headers)
    {
        (_mail, _part) = (mail, part);
        EnvelopeOctets = default;
    }

    /// <summary>The envelope alone, transfer encoding undone, text around it cut away.</summary>
    public required ReadOnlyMemory<byte> EnvelopeOctets { get; init; }

    /// <summary>The part's charset parameter, or null.</summary>
    public string? Charset { get; init; }

    /// <summary>The part's media type in lower case, without parameters.</summary>
    public string PartMediaType { get => field ??= _part.ContentType.MediaType; init; }

    /// <summary>Where in the mail the envelope lay.</summary>
    public SoapLayout Layout { get; init; }

    /// <summary>What the sender says the request is, by the first that says anything: <see cref="DeclaredAction"/>, X-SOAPAction, a
    /// Subject beginning <c>SOAPAction:</c>. A hint; the operation is the body's first child.</summary>
    public string? Action { get => field ??= DeclaredAction ?? SoapAction.Hinted(_mail, _part); init; }

    /// <summary>The <c>action</c> parameter, else SOAPAction of the part, else of the mail: what must not contradict wsa:Action.</summary>
    public string? DeclaredAction { get => field ??= SoapAction.Declared(_mail, _part); init; }

    /// <summary>Whether a person's mail program made the mail, so that a readable note beside the answer has a reader.</summary>
    public bool IsFromMailProgram { get => field || MailPrograms.Wrote(_mail.Headers); init; }

    /// <summary>The other parts that came with the envelope, to be found by Content-ID.</summary>
    public IReadOnlyList<MimeEntity> Attachments { get; init; } = [];
}
