using Relay.Smtp.Client;
using Relay.TestKit;
using Relay.Wire.Ews;
using Relay.Wire.Soap;

namespace Relay.Client.Tests;

/// <summary>A test of commands against a relay double.</summary>
public abstract class CommandTest : IAsyncLifetime
{
    private protected RelayDouble Relay { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Relay = await RelayDouble.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static SoapEnvelope Envelope(SoapMailRequest request) =>
        Assert.IsType<SoapReadResult.Read>(SoapReader.Read(request.EnvelopeOctets, request.Charset, SoapLimits.Default)).Envelope;

    /// <summary>Answers each request with the next envelope, the last one for ever.</summary>
    private protected void AnswerWith(params byte[][] envelopes)
    {
        var answers = new Queue<byte[]>(envelopes);
        Relay.BeforeReply = request => AnswerAsync(request, answers.Count > 1 ? answers.Dequeue() : answers.Peek());
    }

    private protected async Task AnswerAsync(SoapMailRequest request, byte[] envelope) =>
        Assert.IsType<DeliveryOutcome.Delivered>(await Relay.AnswerAsync(request, envelope));

    /// <summary>Sends a notification as soon as the command listens.</summary>
    private protected async Task<SoapMail> NotifyAsync(byte[] envelope, Func<SoapMail, SoapMail>? change = null)
    {
        SoapMail mail = change?.Invoke(Relay.Compose(envelope)) ?? Relay.Compose(envelope);
        await Eventually.TrueAsync(async () => await Relay.SendAsync(mail) is DeliveryOutcome.Delivered, "the listener open");
        return mail;
    }

    /// <summary>The next request, which is one by the schema.</summary>
    private protected async Task<T> RequestAsync<T>()
        where T : EwsRequest
    {
        SoapEnvelope envelope = Envelope(await Relay.RequestAsync());
        Assert.Null(EwsSchema.Validate(envelope.Xml));
        return Assert.IsType<T>(Assert.IsType<EwsRequestResult.Read>(EwsRequestReader.Read(envelope.Body!)).Request);
    }
}
