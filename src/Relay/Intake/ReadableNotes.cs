using Relay.Operations;
using Relay.Subscriptions;
using Relay.Wire.Soap;

namespace Relay.Intake;

/// <summary>What an answer says, for the person whose mail program sent the request: beside the envelope, which is for programs.</summary>
internal static class ReadableNotes
{
    /// <param name="answer">A response or a fault.</param>
    /// <param name="envelope">As it is mailed: the note tells nothing but what stands there.</param>
    public static string For(OperationAnswer answer, ReadOnlyMemory<byte> envelope) =>
        answer is OperationAnswer.Fault { Value: var fault } ? Fault(fault) + ReadableResponse.Ending : ReadableResponse.Of(envelope);

    private static string Fault(SoapFault fault) =>
        $"Your request was not carried out. {fault.Reason}\n"
        + (fault.Code is SoapFaultCode.Server ? "The fault is not yours; the operator knows of it.\n" : "Please mend it and send it again.\n");
}
