using System.Globalization;

namespace Relay.Intake;

/// <summary>What the sender of a request that nothing proves is asked.</summary>
internal static class ConfirmationText
{
    public static string Of(AnswerFrame frame, string operation, string token, DateTimeOffset until) =>
        $"""
        {frame.Service.Address} got a mail that says it is from {frame.To}. It asks for: {operation}.

        If you sent it, reply to this mail; what you write does not matter. Until then nothing happens, and nothing more is mailed to you.
        If you did not, do nothing: the request is thrown away at {until.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.

        A program confirms with r:ConfirmSubscription (urn:soap-relay:v1) and r:Token {token}.

        """.ReplaceLineEndings("\r\n");
}
