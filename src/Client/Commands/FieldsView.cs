using System.Text.Json.Nodes;
using Relay.Client.Services;

namespace Relay.Client.Commands;

/// <summary>Named values as lines of text and as JSON.</summary>
internal static class FieldsView
{
    /// <summary>Each on a line of its own, which begins with the line end.</summary>
    public static string Lines(RelayFields fields) =>
        string.Concat(fields.Values.Select(value => $"{Environment.NewLine}  {value.Key}: {value.Value}"));

    /// <summary>Names as programs write them: the first letter small.</summary>
    public static JsonObject Json(RelayFields fields, params (string Name, JsonNode? Value)[] more)
    {
        var json = new JsonObject();
        foreach ((string name, JsonNode? value) in more)
        {
            json[name] = value;
        }
        foreach ((string name, string value) in fields.Values)
        {
            json[char.ToLowerInvariant(name[0]) + name[1..]] = value;
        }
        return json;
    }
}
