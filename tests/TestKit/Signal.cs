namespace Relay.TestKit;

/// <summary>Signals by their numbers in POSIX, which Linux and macOS share.</summary>
public enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}
