using Relay.Wire.Smtp;

namespace Relay.Intake;

/// <summary>A port type in the WSDL, its binding and where it is served.</summary>
/// <param name="Name">Of the port type; binding and ports are named after it.</param>
/// <param name="Documentation">What it is for, in plain words.</param>
/// <param name="Operations">In the order of the catalog.</param>
/// <param name="Addresses">Where requests are mailed to; none for what the client serves.</param>
internal sealed record DescribedPortType(
    string Name, string Documentation, IReadOnlyList<DescribedOperation> Operations, IReadOnlyList<MailAddress> Addresses);
