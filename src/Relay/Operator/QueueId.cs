using System.Globalization;

namespace Relay.Operator;

/// <summary>How people name a mail in a queue: <c>in-12</c> in the spool, <c>out-34</c> in the outbox.</summary>
internal readonly record struct QueueId(bool IsIncoming, long Number)
{
    private const string In = "in-";
    private const string Out = "out-";

    public static bool TryParse(string text, out QueueId id)
    {
        bool isIncoming = text.StartsWith(In, StringComparison.OrdinalIgnoreCase);
        bool isOutgoing = text.StartsWith(Out, StringComparison.OrdinalIgnoreCase);
        id = default;
        if (!isIncoming && !isOutgoing)
        {
            return false;
        }

        bool isNumber = long.TryParse(text.AsSpan(isIncoming ? In.Length : Out.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        id = new QueueId(isIncoming, number);
        return isNumber;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsIncoming ? In : Out)}{Number}");
}
