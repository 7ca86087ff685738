using System.Reflection;

namespace Relay.Hosting;

/// <summary>The libraries that the relay's own code is written against.</summary>
internal static class OwnCode
{
    private const string Prefix = "Relay";

    /// <summary>
    /// Loads them now. Each takes two file descriptors when it is first used, which may be when there are none left; the runtime then remembers that it
    /// could not be loaded, and whatever needs it fails until a restart.
    /// </summary>
    /// <exception cref="IOException">One is missing, or cannot be read.</exception>
    public static void Load()
    {
        var self = typeof(OwnCode).Assembly;
        var ours = self.GetReferencedAssemblies().Where(IsOurs).Select(Assembly.Load).Append(self).ToList();
        foreach (var name in ours.SelectMany(static assembly => assembly.GetReferencedAssemblies()).DistinctBy(static name => name.FullName))
        {
            // What only points to where the types have moved is of no use without that.
            Assembly.Load(name).GetForwardedTypes();
        }
    }

    private static bool IsOurs(AssemblyName name) => name.Name is { } text && text.StartsWith(Prefix, StringComparison.Ordinal);
}
