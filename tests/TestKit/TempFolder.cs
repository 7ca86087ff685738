namespace Relay.TestKit;

/// <summary>A folder of its own for one test, deleted with all in it at the end.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("relay-test-").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content)
    {
        string path = File(name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException held)
        {
            // A program that is still ending may write once more; the system's cleaner takes what is left.
            Console.Error.WriteLine($"{Path} was not deleted: {held.Message}");
        }
    }
}
