namespace Relay.ExchangeSimulator.Http;

/// <summary>The values of RequestServerVersion, oldest first.</summary>
internal static class ServerVersions
{
    /// <summary>What the server assumes when the header is missing.</summary>
    public const string Assumed = "Exchange2007";

    /// <summary>The first that knows streaming.</summary>
    public const string Streaming = "Exchange2010_SP1";

    private static readonly string[] Known =
    [
        "Exchange2007", "Exchange2007_SP1", "Exchange2009", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2", "Exchange2012",
        "Exchange2013", "Exchange2013_SP1", "Exchange2015", "Exchange2016", "V2015_10_05", "V2016_01_06", "V2016_04_13", "V2016_07_13",
        "V2016_10_10", "V2017_01_07", "V2017_04_14", "V2017_07_11",
    ];

    public static bool IsKnown(string version) => Array.IndexOf(Known, version) >= 0;

    public static bool IsAtLeast(string version, string least) => Array.IndexOf(Known, version) >= Array.IndexOf(Known, least);
}
