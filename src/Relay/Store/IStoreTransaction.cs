namespace Relay.Store;

/// <summary>The tables, as one transaction sees them. Not to be kept beyond it.</summary>
internal interface IStoreTransaction
{
    ISpoolTable Spool { get; }

    IOutboxTable Outbox { get; }

    IEventLog Events { get; }

    ISubscriptionTable Subscriptions { get; }

    IBounceTable Bounces { get; }

    IStreamTable Streams { get; }

    IConfirmationTable Confirmations { get; }

    IJournal Journal { get; }

    IWatchTable Watches { get; }

    IIdentityTable Identity { get; }

    IHandledTable Handled { get; }

    IOperatorActionTable OperatorActions { get; }

    IAccountTable Accounts { get; }

    IPickedTable Picked { get; }
}
