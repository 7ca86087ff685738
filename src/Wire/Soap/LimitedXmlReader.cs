using System.Diagnostics.CodeAnalysis;
using System.Xml;

namespace Relay.Wire.Soap;

/// <summary>Passes another reader's nodes on and stops at the first that breaks a limit, before anyone has stored it.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "A reader is named a reader.")]
internal sealed class LimitedXmlReader(XmlReader inner, SoapLimits limits) : XmlReader, IXmlLineInfo
{
    private int _elements;

    /// <inheritdoc/>
    public override int AttributeCount => inner.AttributeCount;

    /// <inheritdoc/>
    public override string BaseURI => inner.BaseURI;

    /// <inheritdoc/>
    public override int Depth => inner.Depth;

    /// <inheritdoc/>
    public override bool EOF => inner.EOF;

    /// <inheritdoc/>
    public override bool IsEmptyElement => inner.IsEmptyElement;

    /// <inheritdoc/>
    public override string LocalName => inner.LocalName;

    /// <inheritdoc/>
    public override string NamespaceURI => inner.NamespaceURI;

    /// <inheritdoc/>
    public override XmlNameTable NameTable => inner.NameTable;

    /// <inheritdoc/>
    public override XmlNodeType NodeType => inner.NodeType;

    /// <inheritdoc/>
    public override string Prefix => inner.Prefix;

    /// <inheritdoc/>
    public override ReadState ReadState => inner.ReadState;

    /// <inheritdoc/>
    public override string Value => inner.Value;

    /// <inheritdoc/>
    public int LineNumber => (inner as IXmlLineInfo)?.LineNumber ?? 0;

    /// <inheritdoc/>
    public int LinePosition => (inner as IXmlLineInfo)?.LinePosition ?? 0;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (!inner.Read())
        {
            return false;
        }

        switch (inner.NodeType)
        {
            case XmlNodeType.Element:
                CheckElement();
                break;
            case XmlNodeType.ProcessingInstruction when !limits.AllowProcessingInstructions:
                throw Refuse(XmlFaultKind.HasProcessingInstruction, "The XML has a processing instruction, which SOAP forbids.");
            case XmlNodeType.DocumentType:
                throw Refuse(XmlFaultKind.HasDtd, "The XML has a document type declaration, which SOAP forbids.");
        }

        return true;
    }

    /// <inheritdoc/>
    public override string GetAttribute(int i) => inner.GetAttribute(i);

    /// <inheritdoc/>
    public override string? GetAttribute(string name) => inner.GetAttribute(name);

    /// <inheritdoc/>
    public override string? GetAttribute(string name, string? namespaceURI) => inner.GetAttribute(name, namespaceURI);

    /// <inheritdoc/>
    public override string? LookupNamespace(string prefix) => inner.LookupNamespace(prefix);

    /// <inheritdoc/>
    public override bool MoveToAttribute(string name) => inner.MoveToAttribute(name);

    /// <inheritdoc/>
    public override bool MoveToAttribute(string name, string? ns) => inner.MoveToAttribute(name, ns);

    /// <inheritdoc/>
    public override bool MoveToElement() => inner.MoveToElement();

    /// <inheritdoc/>
    public override bool MoveToFirstAttribute() => inner.MoveToFirstAttribute();

    /// <inheritdoc/>
    public override bool MoveToNextAttribute() => inner.MoveToNextAttribute();

    /// <inheritdoc/>
    public override bool ReadAttributeValue() => inner.ReadAttributeValue();

    /// <inheritdoc/>
    public override void ResolveEntity() => inner.ResolveEntity();

    /// <inheritdoc/>
    public bool HasLineInfo() => (inner as IXmlLineInfo)?.HasLineInfo() ?? false;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckElement()
    {
        // Depth is checked on the way down: of a tree that is too deep nothing is ever built.
        if (inner.Depth >= limits.MaxDepth)
        {
            throw Refuse(XmlFaultKind.TooLarge, $"The XML has more than {limits.MaxDepth} elements inside each other.");
        }

        if (++_elements > limits.MaxElements)
        {
            throw Refuse(XmlFaultKind.TooLarge, $"The XML has more than {limits.MaxElements} elements.");
        }

        if (inner.AttributeCount > limits.MaxAttributes)
        {
            throw Refuse(XmlFaultKind.TooLarge, $"An element has more than {limits.MaxAttributes} attributes.");
        }

        CheckName();
        for (var more = inner.MoveToFirstAttribute(); more; more = inner.MoveToNextAttribute())
        {
            CheckName();
            if (inner.Value.Length > limits.MaxAttributeLength)
            {
                throw Refuse(XmlFaultKind.TooLarge, $"An attribute has more than {limits.MaxAttributeLength} characters.");
            }
        }

        inner.MoveToElement();
    }

    private void CheckName()
    {
        if (inner.LocalName.Length + inner.Prefix.Length > limits.MaxNameLength)
        {
            throw Refuse(XmlFaultKind.TooLarge, $"A name has more than {limits.MaxNameLength} characters.");
        }
    }

    private XmlRefusedException Refuse(XmlFaultKind kind, string sentence) =>
        new(new XmlFault(kind, sentence, LineNumber, LinePosition));
}
