using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Relay.Operator;

/// <summary>One instrument with its series, and how Prometheus reads them (text exposition format 0.0.4).</summary>
internal sealed class MeterFamily
{
    private static readonly double[] Bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, double[]> _series = new(StringComparer.Ordinal);
    private readonly string _help;
    private readonly string _type;
    private readonly bool _isObserved;

    public MeterFamily(Instrument instrument)
    {
        bool isCounter = instrument is Counter<long> or ObservableCounter<long>;
        _isObserved = instrument.IsObservable;
        _type = isCounter ? "counter" : instrument is Histogram<double> ? "histogram" : "gauge";
        _help = instrument.Description ?? "";
        Name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (isCounter ? "_total" : "");
    }

    /// <summary>As Prometheus has it, with unit and kind: <c>relay_mails_received_total</c>.</summary>
    public string Name { get; }

    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out double[]? numbers))
            {
                _series.Add(labels, numbers = new double[_type == "histogram" ? Bounds.Length + 2 : 1]);
            }

            if (_type == "histogram")
            {
                Distribute(numbers, value);
            }
            else
            {
                numbers[0] = _isObserved ? value : numbers[0] + value;
            }
        }
    }

    public void Write(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {Name} {_help}\n# TYPE {Name} {_type}\n");
        lock (_gate)
        {
            foreach (var (labels, numbers) in _series)
            {
                if (_type == "histogram")
                {
                    WriteHistogram(text, labels, numbers);
                }
                else
                {
                    Line(text, Name, labels, numbers[0]);
                }
            }
        }
    }

    // One number a bound, one for what lies beyond them all, and the sum.
    private static void Distribute(double[] numbers, double value)
    {
        int bucket = Array.FindIndex(Bounds, bound => value <= bound);
        numbers[bucket < 0 ? Bounds.Length : bucket]++;
        numbers[^1] += value;
    }

    private void WriteHistogram(StringBuilder text, string labels, double[] numbers)
    {
        double count = 0;
        string before = labels.Length == 0 ? "" : labels + ",";
        for (int i = 0; i <= Bounds.Length; i++)
        {
            count += numbers[i];
            string bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Line(text, Name + "_bucket", $"{before}le=\"{bound}\"", count);
        }

        Line(text, Name + "_sum", labels, numbers[^1]);
        Line(text, Name + "_count", labels, count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value:R}\n");

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            string escaped = $"{value}".Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");
            text.Append(text.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"{key}=\"{escaped}\"");
        }

        return text.ToString();
    }
}
