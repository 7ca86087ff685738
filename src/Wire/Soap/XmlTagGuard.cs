namespace Relay.Wire.Soap;

/// <summary>Looks over the markup of a text before an XML reader does, which keeps a whole tag in memory before anyone can object.</summary>
internal static class XmlTagGuard
{
    /// <summary>Why the text is refused, or null. Whether it is well-formed is for the reader to say.</summary>
    public static XmlFault? Check(ReadOnlySpan<char> xml, SoapLimits limits)
    {
        if (xml.Length > limits.MaxCharacters)
        {
            return new XmlFault(XmlFaultKind.TooLarge, $"The XML has more than {limits.MaxCharacters} characters.");
        }

        for (var next = xml.IndexOf('<'); next >= 0; next = xml.IndexOf('<'))
        {
            xml = xml[next..];
            if (Refuse(xml, limits) is { } fault)
            {
                return fault;
            }

            var length = Length(xml);
            if (length > limits.MaxTagLength && !IsContent(xml))
            {
                return new XmlFault(XmlFaultKind.TooLarge, $"A tag has more than {limits.MaxTagLength} characters.");
            }

            xml = xml[length..];
        }

        return null;
    }

    // SOAP 1.2 Part 1 §5 forbids both; the XML declaration is neither.
    private static XmlFault? Refuse(ReadOnlySpan<char> markup, SoapLimits limits) =>
        markup.StartsWith("<!DOCTYPE") ? new XmlFault(XmlFaultKind.HasDtd, "The XML has a document type declaration, which SOAP forbids.")
        : markup.StartsWith("<?") && !IsDeclaration(markup) && !limits.AllowProcessingInstructions
            ? new XmlFault(XmlFaultKind.HasProcessingInstruction, "The XML has a processing instruction, which SOAP forbids.")
        : null;

    private static bool IsDeclaration(ReadOnlySpan<char> markup) =>
        markup.StartsWith("<?xml") && markup.Length > 5 && char.IsWhiteSpace(markup[5]);

    private static bool IsContent(ReadOnlySpan<char> markup) => markup.StartsWith("<![CDATA[") || markup.StartsWith("<!--");

    private static int Length(ReadOnlySpan<char> markup) =>
        markup.StartsWith("<!--") ? LengthTo(markup, "-->")
        : markup.StartsWith("<![CDATA[") ? LengthTo(markup, "]]>")
        : markup.StartsWith("<?") ? LengthTo(markup, "?>")
        : TagLength(markup);

    private static int LengthTo(ReadOnlySpan<char> text, ReadOnlySpan<char> end) => text.IndexOf(end) is var found and >= 0 ? found + end.Length : text.Length;

    // A ">" in quotes does not end a tag.
    private static int TagLength(ReadOnlySpan<char> tag)
    {
        var position = 1;
        while (position < tag.Length && tag[position..].IndexOfAny('>', '"', '\'') is var found and >= 0)
        {
            position += found;
            if (tag[position] == '>')
            {
                return position + 1;
            }

            var close = tag[(position + 1)..].IndexOf(tag[position]);
            if (close < 0)
            {
                break;
            }

            position += close + 2;
        }

        return tag.Length;
    }
}
