using System.Globalization;
using System.Numerics;
using Fabric.Hosting.Configuration;

namespace Fabric.Datapath.Host.Configuration;

/// <summary>
/// Reads the options of fabric-dp.
/// <code>
/// node: host1                  # required
/// uplink: eth0                 # required
/// run-dir: /run/fabric/host1   # default /run/fabric/NODE
/// flow-table-size: 32768       # flow pairs, a power of two
/// flow-cache: true             # eBPF programs forward what they can
/// vif-miss-rate: 50000         # packets/s without a flow from one interface, or from the underlay to it; 0: no limit
/// underlay-miss-rate: 10000    # packets/s from the underlay that lead to no interface; 0: no limit
/// workers: 4                   # worker loops; default: one for each processor
/// api: 127.0.0.1:9093          # null: unix socket only
/// api-names: [host1.example]   # of clients at api, beside localhost
/// api-connections: 512         # at a time
/// log-format: text             # or json
/// </code>
/// </summary>
public static class DatapathOptionsFile
{
    // IFNAMSIZ less the terminating zero.
    private const int MaxDeviceName = 15;

    private const int DefaultApiPort = 9093;

    private static readonly string DeviceExpected = $"the name of a network device, at most {MaxDeviceName} characters, for example eth0";

    private static readonly string SizeExpected =
        $"a power of two from {DatapathOptions.MinFlowTableSize} to {DatapathOptions.MaxFlowTableSize}";

    private static readonly string WorkersExpected = $"worker loops, from 1 to {DatapathOptions.MaxWorkers}";

    private static readonly string MissRateExpected = $"packets a second, from 0 (no limit) to {DatapathOptions.MaxMissRate}";

    /// <exception cref="OptionsException">The file cannot be read or has faults; the message lists them all.</exception>
    public static DatapathOptions Load(string path) => Read(OptionsFile.Load(path));

    /// <exception cref="OptionsException">The file has faults; the message lists them all.</exception>
    public static DatapathOptions Read(OptionsFile file)
    {
        var node = file.NodeName();
        var options = new DatapathOptions(
            node,
            file.Required<string>("uplink", DeviceName, DeviceExpected),
            file.RunDirectory(node),
            file.Optional<int>("flow-table-size", FlowTableSize, SizeExpected, DatapathOptions.DefaultFlowTableSize),
            file.Optional<bool>("flow-cache", bool.TryParse, "true or false", true),
            file.Optional<int>("vif-miss-rate", MissRate, MissRateExpected, DatapathOptions.DefaultVifMissRate),
            file.Optional<int>("underlay-miss-rate", MissRate, MissRateExpected, DatapathOptions.DefaultUnderlayMissRate),
            file.Optional<int>("workers", Workers, WorkersExpected, DatapathOptions.DefaultWorkers),
            file.ServedAt("api", DefaultApiPort)
        )
        {
            LogFormat = file.LogFormat(),
            Http = file.HttpAccess(),
        };
        file.Finish();
        return options;
    }

    private static bool MissRate(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= DatapathOptions.MaxMissRate;

    private static bool Workers(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= DatapathOptions.MaxWorkers;

    private static bool DeviceName(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= MaxDeviceName
            && text is not ("." or "..")
            && !text.Any(static c => char.IsWhiteSpace(c) || c is '/' or ':' or '"' || char.IsControl(c));
    }

    private static bool FlowTableSize(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
        && value is >= DatapathOptions.MinFlowTableSize and <= DatapathOptions.MaxFlowTableSize
        && BitOperations.IsPow2(value);
}
