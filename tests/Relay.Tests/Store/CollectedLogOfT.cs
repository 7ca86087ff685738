using Microsoft.Extensions.Logging;

namespace Relay.Tests.Store;

/// <inheritdoc/>
internal sealed class CollectedLog<T> : CollectedLog, ILogger<T>;
