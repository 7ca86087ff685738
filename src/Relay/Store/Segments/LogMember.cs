namespace Relay.Store.Segments;

/// <summary>A mail that waits for its group, with the task that its caller waits for.</summary>
internal sealed class LogMember(NewSpooledMail mail, RecordBuffer record)
{
    // Whoever tells it runs what follows its caller's await: SpoolLog says where.
    private readonly TaskCompletionSource<bool> _completion = new();

    /// <summary>False when no segment could be made for it: nothing of it is written.</summary>
    public Task<bool> Task => _completion.Task;

    public RecordBuffer Record => record;

    /// <summary>Known once it is placed.</summary>
    public RecordPosition Position { get; set; }

    public LoggedMail ToLoggedMail()
    {
        var content = new MailContent.Logged(Position, (int)mail.Content.Length);
        return new LoggedMail(mail with { Content = content }, content, Position with { Offset = Position.Offset + record.Length });
    }

    public void Complete() => _completion.SetResult(true);

    public void Decline() => _completion.SetResult(false);

    public void Fail(StoreUnavailableException fault) => _completion.SetException(fault);
}
