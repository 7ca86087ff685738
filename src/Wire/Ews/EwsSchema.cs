namespace Relay.Wire.Ews;

/// <summary>
/// The product's own small schema: the requests about notifications and the headers they may carry, with the type names of Exchange, since
/// violation texts contain them. Operations that it does not know pass; <see cref="EwsRequestReader"/> tells them.
/// </summary>
public static class EwsSchema
{
    private static readonly Lazy<EwsSchemaSet> Own = new(Load);

    /// <inheritdoc cref="EwsSchemaSet.Validate"/>
    public static SchemaViolation? Validate(string envelopeXml) => Own.Value.Validate(envelopeXml);

    private static EwsSchemaSet Load()
    {
        using var types = Open("types.xsd");
        using var messages = Open("messages.xsd");
        return EwsSchemaSet.FromText(types, messages);
    }

    internal static StreamReader Open(string name)
    {
        var resource = $"{typeof(EwsSchema).Namespace}.Schema.{name}";
        var stream = typeof(EwsSchema).Assembly.GetManifestResourceStream(resource);
        return new StreamReader(stream ?? throw new InvalidOperationException($"The assembly lacks its resource {resource}."));
    }
}
