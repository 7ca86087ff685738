using Relay.Store;

namespace Relay.Hosting;

/// <summary>What every command is given: where its settings come from.</summary>
/// <param name="ConfigFile">Of <c>--config</c>.</param>
/// <param name="Settings">Those on the command line.</param>
internal sealed record CommandInput(string? ConfigFile, IReadOnlyList<string> Settings)
{
    public string DataFolder => RelayConfiguration.DataFolder(ConfigFile);

    /// <exception cref="Relay.Settings.SettingsFaultException">Anything is wrong; it names all of it.</exception>
    public RelaySettings ReadSettings() => RelaySettings.Read(RelayConfiguration.Build(ConfigFile, Settings));

    /// <summary>The store of a relay that runs or ran; made by none but <c>relay run</c>.</summary>
    /// <exception cref="StoreUnavailableException">There is none, it cannot be opened, or a relay of another version made it.</exception>
    public IStore OpenStore(RelaySettings settings) => StoreFactory.OpenExisting(settings.Store, DataFolder, TimeProvider.System);
}
