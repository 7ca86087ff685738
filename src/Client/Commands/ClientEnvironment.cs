namespace Relay.Client.Commands;

/// <summary>What the commands see of the world, so that tests run them in process.</summary>
/// <param name="In">Where <c>month</c> reads its questions' answers.</param>
/// <param name="Out">Results.</param>
/// <param name="Error">One sentence for each failure.</param>
/// <param name="IsTerminal">Whether a person watches: only then tables, colours and hints.</param>
/// <param name="Time">The clock.</param>
/// <param name="NewId">A text for each Message-ID that never comes again.</param>
internal sealed record ClientEnvironment(
    TextReader In, TextWriter Out, TextWriter Error, bool IsTerminal, TimeProvider Time, Func<string> NewId);
