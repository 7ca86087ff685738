namespace Relay.Smtp.Server;

/// <summary>The connection is gone, or its client does not do its part. Tells what happens on the wire from what an application throws.</summary>
internal sealed class ConnectionLostException(string reason, Exception? inner = null) : IOException(reason, inner);
