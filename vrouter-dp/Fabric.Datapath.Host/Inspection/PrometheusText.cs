using System.Text;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>Writes metrics in the Prometheus text format 0.0.4: a family's HELP and TYPE, then its samples.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();
    private string _family = "";

    public PrometheusText Counter(string name, string help) => Family(name, help, "counter");

    public PrometheusText Gauge(string name, string help) => Family(name, help, "gauge");

    /// <summary>A sample of the family last begun.</summary>
    public PrometheusText Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_family);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        }

        if (labels.Length > 0)
        {
            _text.Append('}');
        }

        _text.Append(' ').Append(value.ToString("R")).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private PrometheusText Family(string name, string help, string type)
    {
        _family = name;
        _text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return this;
    }
}
