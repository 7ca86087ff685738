using System.Buffers;
using System.Security.Cryptography;

namespace Relay.Store;

/// <summary>Takes the octets of one mail; memory stays flat. Disposed before <see cref="CompleteAsync"/>, nothing is left.</summary>
internal sealed class MailContentWriter : IAsyncDisposable
{
    private readonly string _folder;
    private readonly ArrayBufferWriter<byte> _memory = new(4096);
    private FileStream? _file;
    private bool _completed;

    internal MailContentWriter(string folder) => _folder = folder;

    /// <summary>Octets so far.</summary>
    public long Length { get; private set; }

    /// <exception cref="StoreUnavailableException">The file cannot be written.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken cancellationToken)
    {
        Length += content.Length;
        if (Length <= MailFiles.InlineLimit)
        {
            foreach (var piece in content)
            {
                _memory.Write(piece.Span);
            }

            return;
        }

        try
        {
            var file = _file ?? await SpillAsync(cancellationToken);
            foreach (var piece in content)
            {
                await file.WriteAsync(piece, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception);
        }
    }

    /// <summary>The content, on stable storage if it is a file; a row may then name it.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be written.</exception>
    public async ValueTask<MailContent> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            _completed = true;
            return new MailContent.Inline(_memory.WrittenMemory);
        }

        await Task.Yield(); // As in SpillAsync.
        try
        {
            await _file.FlushAsync(cancellationToken);
            _file.Flush(flushToDisk: true);
            FolderSync.Flush(_folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Translate(exception);
        }

        _completed = true;
        return new MailContent.File(Path.GetFileName(_file.Name), Length);
    }

    /// <summary>The row that was to name the file was not stored: the file goes when the writer is disposed.</summary>
    public void Abandon() => _completed = false;

    public async ValueTask DisposeAsync()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException) when (!_completed)
        {
            // Octets that found no room before find none now; nobody wants them any more.
            _memory.ResetWrittenCount();
        }

        if (!_completed)
        {
            File.Delete(_file.Name);
        }
    }

    private async ValueTask<FileStream> SpillAsync(CancellationToken cancellationToken)
    {
        await Task.Yield(); // From here on the disk is asked, and whoever calls may have others to serve.
        OwnerOnly.CreateFolder(_folder);
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var options = OwnerOnly.NewFileIn(_folder, FileShare.None);
        options.BufferSize = 64 * 1024;
        options.Options = FileOptions.Asynchronous;
        _file = new FileStream(Path.Combine(_folder, name), options);
        await _file.WriteAsync(_memory.WrittenMemory, cancellationToken);
        _memory.ResetWrittenCount();
        return _file;
    }
}
