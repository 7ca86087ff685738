using Relay.Exchange;

namespace Relay.Tests.Exchange;

public sealed class ErrorKindTests
{
    [Theory]
    [InlineData("the server was restarted", "ErrorSubscriptionNotFound")]
    [InlineData("the same, other servers", "ErrorInvalidSubscription")]
    [InlineData("asked during expiry", "ErrorExpiredSubscription")]
    [InlineData("the event table cannot be read", "ErrorReadEventsFailed")]
    [InlineData("the mailbox moved out of the group", "ErrorProxyRequestNotAllowed")]
    [InlineData("someone unsubscribed while it streamed", "ErrorSubscriptionUnsubscribed")]
    [InlineData("the owner is another account now", "ErrorSubscriptionAccessDenied")]
    [InlineData("the watermark has aged", "ErrorInvalidWatermark")]
    public void These_codes_end_a_subscription(string why, string code) => Assert.True(EwsErrorKinds.IsDeadSubscription(code), why);

    [Theory]
    [InlineData("it goes on with this stream", "ErrorMissedNotificationEvents")]
    [InlineData("its successor lives", "ErrorNewEventStreamConnectionOpened")]
    [InlineData("throttling passes", "ErrorServerBusy")]
    public void These_codes_do_not(string why, string code) => Assert.False(EwsErrorKinds.IsDeadSubscription(code), why);

    [Theory]
    [InlineData("throttled", "ErrorServerBusy", true)]
    [InlineData("failover", "ErrorMailboxStoreUnavailable", true)]
    [InlineData("a move ends", "ErrorMailboxMoveInProgress", true)]
    [InlineData("leftovers expire", "ErrorExceededSubscriptionCount", true)]
    [InlineData("no such mailbox tomorrow either", "ErrorNonExistentMailbox", false)]
    [InlineData("a right must be given", "ErrorImpersonateUserDenied", false)]
    [InlineData("a folder stays away", "ErrorFolderNotFound", false)]
    public void Only_what_passes_is_tried_again_unasked(string why, string code, bool isPassing)
    {
        var found = EwsErrorKinds.IsPassing(code);
        Assert.True(isPassing == found, why);
    }
}
