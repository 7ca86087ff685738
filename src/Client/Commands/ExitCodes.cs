namespace Relay.Client.Commands;

/// <summary>What the shell gets to see.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int WrongUsage = 2;
}
