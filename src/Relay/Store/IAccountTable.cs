namespace Relay.Store;

/// <summary>The accounts that <c>relay account</c> keeps; those of the settings are not here.</summary>
internal interface IAccountTable
{
    /// <summary>Adds the account, or gives it another password. False when it was there already.</summary>
    bool Put(StoredAccount account);

    /// <summary>False when there is none of this name.</summary>
    bool Remove(string name);

    StoredAccount? Find(string name);

    /// <summary>By name.</summary>
    IReadOnlyList<StoredAccount> List();

    bool Any();
}
