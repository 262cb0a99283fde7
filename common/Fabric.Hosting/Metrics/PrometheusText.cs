using System.Globalization;
using System.Text;

namespace Fabric.Hosting.Metrics;

/// <summary>Writes the Prometheus text exposition format, version 0.0.4: a HELP and TYPE line a family, then its samples.</summary>
public sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _family = "";

    public PrometheusText Counter(string name, string help) => Family(name, help, "counter");

    public PrometheusText Gauge(string name, string help) => Family(name, help, "gauge");

    public PrometheusText Histogram(string name, string help) => Family(name, help, "histogram");

    /// <summary>A sample of the family that was begun last.</summary>
    public PrometheusText Sample(double value, params ReadOnlySpan<(string Label, string Value)> labels) => Line("", value, labels);

    /// <summary>The samples of one histogram of the family that was begun last: cumulative buckets, sum and count.</summary>
    public PrometheusText Sample(Histogram histogram, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        (string, string)[] bucketLabels = [.. labels, default];
        var bounds = Metrics.Histogram.Bounds;
        var below = 0L;
        for (var bucket = 0; bucket <= bounds.Length; bucket++)
        {
            below += histogram.Count(bucket);
            bucketLabels[^1] = ("le", bucket < bounds.Length ? Number(bounds[bucket]) : "+Inf");
            Line("_bucket", below, bucketLabels);
        }

        return Line("_sum", histogram.Sum, labels).Line("_count", below, labels);
    }

    /// <summary>Families that were written elsewhere; none may be in both.</summary>
    public PrometheusText Append(string families)
    {
        _text.Append(families);
        return this;
    }

    public override string ToString() => _text.ToString();

    private PrometheusText Line(string suffix, double value, ReadOnlySpan<(string Label, string Value)> labels)
    {
        _text.Append(_family).Append(suffix);
        var separator = '{';
        foreach (var (label, labelValue) in labels)
        {
            _text.Append(separator).Append(label).Append("=\"").Append(Escape(labelValue)).Append('"');
            separator = ',';
        }

        _text.Append(labels.IsEmpty ? " " : "} ").Append(Number(value)).Append('\n');
        return this;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private PrometheusText Family(string name, string help, string type)
    {
        _family = name;
        _text.Append($"# HELP {name} {help.Replace("\\", "\\\\").Replace("\n", "\\n")}\n# TYPE {name} {type}\n");
        return this;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
