using Relay.Store;
using Relay.Subscriptions;

namespace Relay.Tests.Subscriptions;

public sealed class WatermarkCodecTests
{
    private static readonly Guid LogId = new("7f3f3f0e-5b0a-4a3b-9a39-0d3c4f6a1b2c");

    private readonly WatermarkCodec _codec = new(LogId);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_position_comes_back(long position) =>
        Assert.Equal(new LogPosition(position), _codec.Decode(_codec.Encode(new LogPosition(position))));

    public static TheoryData<string, string> Foreign => new()
    {
        { "of another log", new WatermarkCodec(Guid.Empty).Encode(new LogPosition(7)) },
        { "not base64", "not a watermark" },
        { "empty", "" },
        { "too short", Convert.ToBase64String(LogId.ToByteArray()) },
        { "too long", Convert.ToBase64String([.. LogId.ToByteArray(), .. new byte[9]]) },
        { "negative", Convert.ToBase64String([.. LogId.ToByteArray(), .. Enumerable.Repeat((byte)0xff, 8)]) },
        { "a megabyte", new string('A', 1 << 20) },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_foreign_watermark_is_recognised(string why, string watermark)
    {
        Assert.NotEmpty(why);
        Assert.Null(_codec.Decode(watermark));
    }
}
