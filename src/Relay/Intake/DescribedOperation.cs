using System.Xml.Linq;

namespace Relay.Intake;

/// <summary>An operation in the WSDL.</summary>
/// <param name="Name">Unique in its port type.</param>
/// <param name="Input">The element that whoever serves it gets.</param>
/// <param name="Output">The element that comes back.</param>
internal sealed record DescribedOperation(string Name, XName Input, XName Output);
