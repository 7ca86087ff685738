using System.Security.Cryptography.X509Certificates;

namespace Relay.Settings;

/// <summary>A certificate as it was read.</summary>
/// <param name="Certificate">With its key, if there was one.</param>
/// <param name="Others">What lay beside it: usually those between it and its authority.</param>
internal sealed record LoadedCertificate(X509Certificate2 Certificate, X509Certificate2Collection Others) : IDisposable
{
    /// <summary>For what is not used: keys stay in memory, or in a file on Windows, until then.</summary>
    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var other in Others)
        {
            other.Dispose();
        }
    }
}
