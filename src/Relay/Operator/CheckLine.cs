namespace Relay.Operator;

/// <summary>One line of <c>relay check</c>.</summary>
/// <param name="IsOk">False when something is to be done.</param>
/// <param name="Subject">settings, store, smarthost, exchange or clock, and which.</param>
/// <param name="Sentence">What was found and, where it is not right, what to do.</param>
internal sealed record CheckLine(bool IsOk, string Subject, string Sentence)
{
    public static CheckLine Ok(string subject, string sentence) => new(true, subject, sentence);

    public static CheckLine Trouble(string subject, string sentence) => new(false, subject, sentence);

    public override string ToString() => Plain.Clean($"{(IsOk ? "ok" : "TROUBLE"),-7}  {Subject,-9}  {Sentence}");
}
