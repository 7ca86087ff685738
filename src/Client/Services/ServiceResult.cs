using Relay.Client.Mail;
using Relay.Wire.Ews;

namespace Relay.Client.Services;

/// <summary>What an operation gave: its value, the service's error, or no answer at all.</summary>
/// <typeparam name="T">The operation's value.</typeparam>
internal abstract record ServiceResult<T>
{
    private ServiceResult()
    {
    }

    /// <summary>The operation was executed.</summary>
    public sealed record Success(T Value) : ServiceResult<T>;

    /// <summary>The service answered with an error: nothing was changed. Decide by its code; the text is for people.</summary>
    public sealed record Refused(EwsError Error) : ServiceResult<T>;

    /// <summary>A fault, no answer in time, or a request that could not be sent.</summary>
    public sealed record Failed(RelayAnswer Answer) : ServiceResult<T>;

    /// <summary>The same error or failure for another operation's value.</summary>
    /// <exception cref="InvalidOperationException">The result is a success.</exception>
    internal ServiceResult<TOther> As<TOther>() => this switch
    {
        Refused refused => new ServiceResult<TOther>.Refused(refused.Error),
        Failed failed => new ServiceResult<TOther>.Failed(failed.Answer),
        _ => throw new InvalidOperationException("A success has a value of its own."),
    };
}
