namespace Relay.Store.Sql;

/// <summary>Keeps one instance of equal texts and folders while many rows are read.</summary>
internal sealed class TextPool
{
    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<SubscribedFolder, SubscribedFolder> _folders = [];

    public string Same(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        _texts.Add(text, text);
        return text;
    }

    public SubscribedFolder Same(SubscribedFolder folder)
    {
        if (_folders.TryGetValue(folder, out var known))
        {
            return known;
        }

        var pooled = new SubscribedFolder(folder.Id, Same(folder.Name));
        _folders.Add(pooled, pooled);
        return pooled;
    }
}
