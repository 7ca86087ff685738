using System.Text;
using Relay.Wire.Ews;

namespace Relay.Wire.Tests.Ews;

public sealed class EwsEnvelopeSplitterTests
{
    [Theory]
    [InlineData("no prefix", "<Envelope><a/></Envelope>")]
    [InlineData("any prefix", "<s:Envelope><s:Body/></s:Envelope>")]
    [InlineData("blanks in the end tag", "<Envelope></Envelope \r\n>")]
    [InlineData("a declaration inside the stream", "<?xml version=\"1.0\"?><Envelope></Envelope>")]
    [InlineData("an end tag of a longer name", "<Envelope><x></x><MyEnvelope></MyEnvelope></Envelope>")]
    public void An_envelope_is_cut_at_its_last_octet_and_not_before(string why, string envelope)
    {
        var octets = Encoding.UTF8.GetBytes(envelope);
        var splitter = new EwsEnvelopeSplitter();
        foreach (var octet in octets[..^1])
        {
            splitter.Append([octet]);
            Assert.False(splitter.TryTake(out _), why);
        }

        splitter.Append(octets.AsSpan(octets.Length - 1));
        Assert.True(splitter.TryTake(out var taken), why);
        Assert.Equal(envelope, Encoding.UTF8.GetString(taken.Span));
    }

    [Fact]
    public void What_stands_between_envelopes_is_dropped()
    {
        var splitter = new EwsEnvelopeSplitter();
        splitter.Append(Encoding.UTF8.GetBytes("\uFEFF<Envelope>1</Envelope>\r\n\uFEFF<Envelope>2</Envelope>\n"));
        Assert.True(splitter.TryTake(out var first));
        Assert.Equal("<Envelope>1</Envelope>", Encoding.UTF8.GetString(first.Span));
        Assert.True(splitter.TryTake(out var second));
        Assert.Equal("<Envelope>2</Envelope>", Encoding.UTF8.GetString(second.Span));
        Assert.False(splitter.TryTake(out _));
    }

    [Fact]
    public void An_envelope_without_end_is_told()
    {
        var splitter = new EwsEnvelopeSplitter(maxEnvelopeBytes: 100);
        splitter.Append(Encoding.UTF8.GetBytes("<Envelope>" + new string('x', 91)));
        Assert.False(splitter.TryTake(out _));
        Assert.True(splitter.IsTooLong);
    }

    [Fact]
    public void A_long_stream_keeps_only_what_is_not_yet_cut()
    {
        var splitter = new EwsEnvelopeSplitter();
        var envelope = Encoding.UTF8.GetBytes("<Envelope>" + new string('x', 1000) + "</Envelope>");
        var taken = 0;
        for (var i = 0; i < 1000; i++)
        {
            splitter.Append(envelope.AsSpan(0, 500));
            while (splitter.TryTake(out _))
            {
                taken++;
            }

            splitter.Append(envelope.AsSpan(500));
        }

        while (splitter.TryTake(out var last))
        {
            Assert.Equal(envelope.Length, last.Length);
            taken++;
        }

        Assert.Equal(1000, taken);
        Assert.False(splitter.IsTooLong);
    }
}
