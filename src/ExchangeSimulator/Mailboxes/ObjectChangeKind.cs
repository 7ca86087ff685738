namespace Relay.ExchangeSimulator.Mailboxes;

internal enum ObjectChangeKind
{
    Added,
    Changed,
    ReadFlag,
    Removed,
}
