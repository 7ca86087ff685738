using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Walks a mail for parts that hold XML.</summary>
internal sealed class SoapCandidates(MimeLimits limits)
{
    private static readonly MimeFault Tnef = new(
        MimeFaultKind.Proprietary, "The mail is in the format of one mail program (winmail.dat). Send it as plain text, with the request as an attachment.");

    private readonly List<SoapCandidate> _found = new(1);
    private int _leaves;

    /// <summary>The envelopes in the order of the mail; where there are none, the other XML.</summary>
    public List<SoapCandidate> Best =>
        _found.Count > 1 && _found.Exists(candidate => candidate.IsEnvelope)
            ? _found.FindAll(candidate => candidate.IsEnvelope)
            : _found;

    /// <summary>Whether a person's mail program made the mail: it has a page in HTML or several branches of one text.</summary>
    public bool IsFromMailProgram { get; private set; }

    /// <summary>The first part that could not be decoded, or null.</summary>
    public MimeFault? Fault { get; private set; }

    /// <summary>Looks at an entity and all below it.</summary>
    public void Look(MimeEntity entity, SoapLayout layout, IReadOnlyList<MimeEntity> attachments)
    {
        var type = entity.ContentType;
        if (entity.Parts.Count == 0)
        {
            _leaves++;
            LookAtLeaf(entity, layout, attachments);
            return;
        }

        switch (type.Subtype)
        {
            // RFC 6522 §3 and its kin: reports speak about mail, they are no requests.
            case "report":
                break;
            case "alternative":
                IsFromMailProgram = true;
                LookAtAlternative(entity, layout, attachments);
                break;
            case "related":
                LookAtRelated(entity);
                break;
            case "signed":
                LookAtAll(entity.Parts, layout, attachments);
                break;
            default:
                LookAtAll(entity.Parts, SoapLayout.Mixed, [.. entity.Parts.Where(part => part.ContentId is not null)]);
                break;
        }
    }

    private void LookAtAll(IReadOnlyList<MimeEntity> parts, SoapLayout layout, IReadOnlyList<MimeEntity> attachments)
    {
        foreach (var part in parts)
        {
            Look(part, layout, attachments);
        }
    }

    // RFC 2046 §5.1.4: the branches say one thing in several ways, so they are one candidate; XML says it best.
    private void LookAtAlternative(MimeEntity entity, SoapLayout layout, IReadOnlyList<MimeEntity> attachments)
    {
        var before = _found.Count;
        LookAtAll(entity.Parts, layout, attachments);
        var branches = _found.GetRange(before, _found.Count - before);
        _found.RemoveRange(before, branches.Count);
        if (branches.OrderByDescending(Preference).FirstOrDefault() is { } best)
        {
            _found.Add(best);
        }
    }

    private static int Preference(SoapCandidate candidate) =>
        (candidate.IsEnvelope ? 4 : 0) + (candidate.Part.ContentType.IsXml ? 2 : 0) + (candidate.Part.ContentType.Is("text", "plain") ? 1 : 0);

    // RFC 2387 §3.2: the root is the part that start names, else the first.
    private void LookAtRelated(MimeEntity entity)
    {
        var start = entity.ContentType.Start?.Trim().TrimStart('<').TrimEnd('>');
        var root = entity.Parts.FirstOrDefault(part => start is not null && part.ContentId == start) ?? entity.Parts[0];
        MimeEntity[] others = [.. entity.Parts.Where(part => part != root)];
        var before = _found.Count;
        Look(root, SoapLayout.Related, others);
        if (_found.Count == before)
        {
            // A mail program's page with pictures; an envelope may be attached to it all the same.
            LookAtAll(others, SoapLayout.Mixed, others);
        }
    }

    private void LookAtLeaf(MimeEntity part, SoapLayout layout, IReadOnlyList<MimeEntity> attachments)
    {
        var type = part.ContentType;
        IsFromMailProgram |= type.Is("text", "html");
        if (type.Type is not ("text" or "application" or "multipart"))
        {
            return;
        }

        if (type.Is("application", "ms-tnef") || type.Is("application", "vnd.ms-tnef"))
        {
            Fault ??= Tnef;
            return;
        }

        switch (part.Decode(limits))
        {
            case MimeDecodeResult.Refused(var fault):
                Fault ??= type.IsXml || type.Type == "text" || _leaves == 1 ? fault : null;
                break;
            case MimeDecodeResult.Decoded(var octets):
                // RFC 7303 §3: the mark goes before the parameter, and is cut away with the text around the envelope.
                var charset = octets.Span.StartsWith("\uFEFF"u8) ? "utf-8" : type.Charset;
                if (XmlText.IsWide(octets.Span, charset))
                {
                    (octets, charset) = (XmlText.ToUtf8(octets.Span, charset), "utf-8");
                }

                if (FlowedText.IsFlowed(type))
                {
                    octets = FlowedText.Unfold(octets.Span, type);
                }

                Sort(part, octets, charset, layout, attachments);
                break;
        }
    }

    private void Sort(
        MimeEntity part, ReadOnlyMemory<byte> octets, string? charset, SoapLayout layout, IReadOnlyList<MimeEntity> attachments)
    {
        var type = part.ContentType;
        var prolog = XmlProlog.Read(octets.Span);
        if (prolog.RootStart >= 0 && !prolog.HasRoot(octets.Span, "Envelope"u8))
        {
            // A page for people begins like XML; it counts only if the whole part is the envelope.
            if (!type.Is("text", "html"))
            {
                Add(octets, 1, isEnvelope: false);
            }

            return;
        }

        var (from, place) = (0, 0);
        while (EnvelopeScanner.Find(octets.Span, prolog, from) is { Length: > 0 } range)
        {
            Add(octets.Slice(range.Start, range.Length), ++place, isEnvelope: true);
            from = range.Start + range.Length;
            if (_found.Count > 2)
            {
                return;
            }
        }

        if (from == 0 && type.IsXml)
        {
            Add(octets, 1, isEnvelope: false);
        }

        void Add(ReadOnlyMemory<byte> xml, int number, bool isEnvelope) =>
            _found.Add(new SoapCandidate(part, _leaves, number, xml, isEnvelope, charset, layout, attachments));
    }
}
