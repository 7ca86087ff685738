namespace Relay.Settings;

/// <summary>The configuration is wrong; every fault is a sentence of its own.</summary>
internal sealed class SettingsFaultException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
