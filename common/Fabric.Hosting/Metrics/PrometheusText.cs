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

    /// <summary>A sample of the family that was begun last.</summary>
    public PrometheusText Sample(double value, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        _text.Append(_family);
        if (!labels.IsEmpty)
        {
            var separator = '{';
            foreach (var (label, labelValue) in labels)
            {
                _text.Append(separator).Append(label).Append("=\"").Append(Escape(labelValue)).Append('"');
                separator = ',';
            }

            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private PrometheusText Family(string name, string help, string type)
    {
        _family = name;
        _text.Append($"# HELP {name} {help.Replace("\\", "\\\\").Replace("\n", "\\n")}\n# TYPE {name} {type}\n");
        return this;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
