namespace Relay.Fuzz;

/// <summary>What a target states about every input.</summary>
internal static class Promise
{
    /// <summary>Throws when it is broken.</summary>
    public static void Holds(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Broken promise: " + what);
        }
    }
}
