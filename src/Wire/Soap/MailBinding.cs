using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Soap;

/// <summary>Between mails and envelopes: finds the envelope in whatever layout a program sends, and mails ours so that it can be found.</summary>
public static class MailBinding
{
    // References keeps the thread's root and its latest mails; nobody needs the middle of a long one.
    private const int MaxReferences = 11;
    private const int MaxSubject = 900;

    // What fits on a line; a longer one would be cut there, and two of them could pass what a reader takes as a header.
    private const int MaxReference = 900;

    /// <summary>Finds the one envelope of a mail.</summary>
    public static SoapMailReadResult Read(MimeEntity mail, MimeLimits limits)
    {
        var candidates = new SoapCandidates(limits);
        candidates.Look(mail, SoapLayout.Flat, []);
        return candidates.Best switch
        {
            [var only] when only.IsEnvelope => new SoapMailReadResult.Found(Request(mail, only, candidates.IsFromMailProgram)),
            [var only] => new SoapMailReadResult.NotSoap(Request(mail, only, candidates.IsFromMailProgram)),
            [var first, var second, ..] => new SoapMailReadResult.Ambiguous(MailFacts.Of(mail.Headers), first.DescriptionBeside(second), second.DescriptionBeside(first)),
            _ when candidates.Fault is { } fault => new SoapMailReadResult.Unreadable(MailFacts.Of(mail.Headers), fault),
            _ => new SoapMailReadResult.NoXml(MailFacts.Of(mail.Headers)),
        };
    }

    /// <summary>The mail as octets: CRLF line ends, no line over 998 octets, the envelope in base64.</summary>
    public static byte[] Compose(SoapMail mail) => SoapMailWriter.Write(mail);

    /// <summary>The subject of an answer: <c>Re: </c> once, encoded words as they stand, on one line, at most 900 characters.</summary>
    /// <param name="rawSubject">The request's subject, unfolded.</param>
    public static string ReplySubject(string rawSubject)
    {
        var text = HeaderText.Clean(rawSubject).Trim();
        text = Ascii.IsValid(text) ? text : EncodedWord.Decode(text);
        if (text.Length > MaxSubject)
        {
            var space = text.LastIndexOf(' ', MaxSubject);
            text = text[..(space > 0 ? space : MaxSubject)];
        }

        return text.StartsWith("Re:", StringComparison.OrdinalIgnoreCase) ? text : ("Re: " + text).TrimEnd();
    }

    /// <summary>The References of an answer to this mail (RFC 5322 §3.6.4): its own, else its In-Reply-To if that is one id, then its id.</summary>
    public static IReadOnlyList<string> ReferencesFor(MailFacts request)
    {
        List<string> ids = [.. MessageId.ParseList(request.ReferencesRaw).Where(id => id.Length <= MaxReference)];
        if (ids.Count == 0 && MessageId.ParseList(request.InReplyToRaw) is [{ Length: <= MaxReference } parent])
        {
            ids.Add(parent);
        }

        foreach (var own in new[] { request.MessageIdRaw, request.XMessageIdRaw })
        {
            if (own is { Length: <= MaxReference } && !ids.Contains(own))
            {
                ids.Add(own);
            }
        }

        return ids.Count <= MaxReferences ? ids : [ids[0], .. ids[^(MaxReferences - 1)..]];
    }

    /// <summary>The media type of an answer: the request's if it is an XML type, else the one of the SOAP version.</summary>
    public static string AnswerMediaType(SoapMailRequest request, SoapVersion version) => request.PartMediaType switch
    {
        "text/xml" or "application/soap+xml" or "application/xml" => request.PartMediaType,
        _ => SoapNames.MediaType(version),
    };

    private static SoapMailRequest Request(MimeEntity mail, SoapCandidate candidate, bool isFromMailProgram) => new(mail, candidate.Part)
    {
        EnvelopeOctets = candidate.Octets,
        Charset = candidate.Charset,
        Layout = candidate.Layout,
        Attachments = candidate.Attachments,
        IsFromMailProgram = isFromMailProgram,
    };
}
