using System.Buffers;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Relay.Smtp.Server;
using Relay.Wire.Smtp;

namespace Relay.Benchmarks.Smtp;

/// <summary>Appends each mail to one file and syncs it before the 250: durable, and nothing shared between sessions.</summary>
internal sealed class FsyncHandler(string path) : DiscardHandler, IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
    private readonly Lock _lock = new();
    private long _length;

    public override ValueTask<IMailDelivery> BeginAsync(SmtpClientInfo client, MailTransaction transaction, CancellationToken ct) =>
        new(new Delivery(this));

    /// <summary>What the disk allows one who waits for each mail.</summary>
    public double SyncsPerSecond()
    {
        const int Syncs = 1000;
        var mail = new byte[2048];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Syncs; i++)
        {
            Append(mail);
        }

        return Syncs / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _file.Dispose();

    private void Append(ReadOnlySpan<byte> mail)
    {
        lock (_lock)
        {
            RandomAccess.Write(_file, mail, _length);
            RandomAccess.FlushToDisk(_file);
            _length += mail.Length;
        }
    }

    private sealed class Delivery(FsyncHandler handler) : DiscardHandler
    {
        private readonly ArrayBufferWriter<byte> _content = new(4096);

        public override ValueTask WriteAsync(ReadOnlySequence<byte> content, CancellationToken ct)
        {
            foreach (var segment in content)
            {
                _content.Write(segment.Span);
            }

            return ValueTask.CompletedTask;
        }

        public override bool CommitMayBlock => true;

        public override ValueTask<SmtpReply> CommitAsync(CancellationToken ct)
        {
            handler.Append(_content.WrittenSpan);
            return new(SmtpReplies.Ok);
        }
    }
}
