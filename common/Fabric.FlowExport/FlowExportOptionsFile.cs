using System.Globalization;
using System.Net;
using Fabric.FlowExport.Ipfix;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.FlowExport;

/// <summary>
/// The section "export" of an agent's options file; absent: nothing is exported.
/// <code>
/// export:
///   ipfix:
///     collectors: [192.0.2.9:4739]
///     domain: 1                    # observation domain; default 0
///     biflow: false                # true: one record has both ways of a session (RFC 5103)
///     template-seconds: 60         # templates are sent again
///     max-datagram: 1400           # octets of UDP payload
///   sflow:
///     collectors: [192.0.2.9:6343]
///     agent: 192.0.2.11            # default: the host's address on the underlay
///     max-datagram: 1400
/// </code>
/// </summary>
public static class FlowExportOptionsFile
{
    internal const int DefaultDatagram = 1400;

    // UDP payload of the largest IPv4 packet.
    private const int MaxDatagram = 65_507;
    private const int MaxCollectors = 8;

    /// <summary>Faults are the file's, which reports them all at its end.</summary>
    /// <param name="agent">The host's address.</param>
    /// <returns>Null: nothing is to be exported.</returns>
    public static FlowExportOptions? ReadFlowExport(this OptionsFile file, IpAddress agent)
    {
        if (file.Section("export") is not { } section)
        {
            return null;
        }

        var options = new FlowExportOptions
        {
            Ipfix = section.Section("ipfix") is { } ipfix ? Ipfix(ipfix) : null,
            Sflow = section.Section("sflow") is { } sflow ? Sflow(sflow, agent) : null,
        };
        if (options is { Ipfix: null, Sflow: null })
        {
            file.Reject("export", "expected 'ipfix', 'sflow', or both");
        }

        return options;
    }

    private static IpfixOptions Ipfix(OptionsFile section)
    {
        var options = new IpfixOptions(Collectors(section));
        return options with
        {
            Domain = section.Optional("domain", Domain, "a number from 0 to 4294967295", options.Domain),
            IsBiflow = section.Optional<bool>("biflow", Boolean, "true or false", options.IsBiflow),
            TemplateRefresh = section.Optional<TimeSpan>(
                "template-seconds",
                OptionValues.Seconds,
                OptionValues.SecondsExpected,
                options.TemplateRefresh
            ),
            MaxDatagram = Datagram(section),
        };
    }

    private static SflowOptions Sflow(OptionsFile section, IpAddress agent) =>
        new(Collectors(section), section.Optional<IpAddress>("agent", IpAddress.TryParse, "an IP address", agent))
        {
            MaxDatagram = Datagram(section),
        };

    private static IReadOnlyList<IPEndPoint> Collectors(OptionsFile section)
    {
        var collectors = section.List<IPEndPoint>("collectors", OptionValues.EndPoint!, OptionValues.EndPointExpected);
        if (collectors.Count is 0 or > MaxCollectors)
        {
            section.Reject("collectors", $"expected a list of 1 to {MaxCollectors} of {OptionValues.EndPointExpected}");
        }

        if (collectors.Distinct().Count() != collectors.Count)
        {
            section.Reject("collectors", "a collector is listed twice");
        }

        return collectors;
    }

    private static int Datagram(OptionsFile section) =>
        section.Optional(
            "max-datagram",
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value is >= IpfixExporter.MinDatagram and <= MaxDatagram,
            $"a number from {IpfixExporter.MinDatagram} to {MaxDatagram}",
            DefaultDatagram
        );

    private static bool Boolean(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }

    private static bool Domain(string text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
