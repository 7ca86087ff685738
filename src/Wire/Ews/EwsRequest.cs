namespace Relay.Wire.Ews;

/// <summary>One of the five requests about notifications.</summary>
public abstract record EwsRequest
{
    private protected EwsRequest()
    {
    }
}
