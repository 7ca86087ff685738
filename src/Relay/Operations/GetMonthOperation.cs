using System.Globalization;
using System.Xml.Linq;
using Relay.Access;

namespace Relay.Operations;

/// <summary>
/// The calendar sample: <c>getMonth</c> in any namespace, its children <c>year</c> and <c>month</c> by local name, others ignored →
/// <c>getMonthResponse</c> in the same namespace with one child that holds the month as text.
/// </summary>
internal sealed class GetMonthOperation : IOperation
{
    public ServiceKind Service => ServiceKind.Calendar;

    public string Name => "getMonth";

    public bool ChangesState => false;

    public bool Handles(XName body) => body.LocalName == Name;

    public Task<OperationPlan> PlanAsync(OperationRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(Plan(request));

    private static OperationPlan Plan(OperationRequest request)
    {
        var body = request.Body;
        if (ReadNumber(body, "year", 1, 9999) is not { } year)
        {
            return Refuse(request, "getMonth needs a child year, a whole number from 1 to 9999.");
        }

        if (ReadNumber(body, "month", 1, 12) is not { } month)
        {
            return Refuse(request, "getMonth needs a child month, a whole number from 1 to 12.");
        }

        var ns = body.Name.Namespace;
        var response = new XElement(ns + "getMonthResponse", new XElement("return", MonthText.Format(year, month)));
        return OperationPlan.Answer(new OperationAnswer.Response(response.WriteTo, $"month {year}-{month:00}"));
    }

    // A calendar's client knows nothing of Exchange: to it the fault's code is SOAP's own, and the rest is detail.
    private static OperationPlan.Fault Refuse(OperationRequest request, string sentence) =>
        new(EwsFaults.SchemaViolation(OwnSchema.Violation(request, sentence)) with { Reason = sentence, Subcode = null });

    private static int? ReadNumber(XElement body, string name, int least, int most)
    {
        string? text = body.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value.Trim();
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : null;
    }
}
