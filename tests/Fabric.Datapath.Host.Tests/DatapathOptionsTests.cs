using System.Net;
using Fabric.Datapath.Host.Configuration;
using Fabric.Hosting.Configuration;

namespace Fabric.Datapath.Host.Tests;

public sealed class DatapathOptionsTests
{
    [Test]
    public void A_full_file_gives_its_values()
    {
        var options = Parse(
            """
            node: host1
            uplink: eth0
            run-dir: /run/fabric/one
            flow-table-size: 65536
            flow-cache: false
            vif-miss-rate: 1000
            underlay-miss-rate: 2000
            workers: 3
            api: 127.0.0.2:9193
            """
        );

        Assert.That(
            options,
            Is.EqualTo(
                new DatapathOptions(
                    "host1",
                    "eth0",
                    "/run/fabric/one",
                    65_536,
                    FlowCache: false,
                    VifMissRate: 1000,
                    UnderlayMissRate: 2000,
                    Workers: 3,
                    new IPEndPoint(IPAddress.Parse("127.0.0.2"), 9193)
                )
            )
        );
    }

    [Test]
    public void What_is_not_said_has_a_default_and_the_run_directory_follows_the_node()
    {
        var options = Parse("node: host1\nuplink: eth0\n");

        Assert.That(
            options,
            Is.EqualTo(
                new DatapathOptions(
                    "host1",
                    "eth0",
                    "/run/fabric/host1",
                    DatapathOptions.DefaultFlowTableSize,
                    FlowCache: true,
                    DatapathOptions.DefaultVifMissRate,
                    DatapathOptions.DefaultUnderlayMissRate,
                    Math.Min(Environment.ProcessorCount, 16),
                    new IPEndPoint(IPAddress.Loopback, 9093)
                )
            )
        );
    }

    [TestCase("api: null")]
    [TestCase("api: ~")]
    [TestCase("api:")]
    public void A_null_api_switches_it_off(string line) => Assert.That(Parse($"node: host1\nuplink: eth0\n{line}\n").Api, Is.Null);

    [Test]
    public void All_faults_are_named_at_once_with_file_line_column_and_key()
    {
        const string text = """
            node: 1host
            flow-table-size: 1000
            api: everywhere
            flowtablesize: 5
            """;

        var lines = Assert.Throws<OptionsException>(() => Parse(text))!.Message.Split('\n');

        Assert.That(
            lines,
            Is.EqualTo([
                "dp.yaml:1:7: key 'node': '1host' is not a node name: 1 to 63 letters, digits, '-', '_' or '.', a letter first",
                "dp.yaml:1:1: key 'uplink' is missing; expected the name of a network device, at most 15 characters, for example eth0",
                "dp.yaml:2:18: key 'flow-table-size': '1000' is not a power of two from 256 to 4194304",
                "dp.yaml:3:6: key 'api': 'everywhere' is not ADDRESS:PORT, or null to switch it off",
                "dp.yaml:4:1: key 'flowtablesize' is not known; did you mean 'flow-table-size'? known are api, api-connections, api-names, flow-cache, flow-table-size, log-format, node, run-dir, underlay-miss-rate, uplink, vif-miss-rate, workers",
            ])
        );
    }

    [TestCase("uplink: averyveryverylongname")]
    [TestCase("uplink: a/b")]
    [TestCase("uplink: \"a b\"")]
    [TestCase("uplink: [eth0]")]
    [TestCase("run-dir: relative/path")]
    [TestCase("api: 127.0.0.1")]
    [TestCase("workers: 0")]
    [TestCase("workers: 17")]
    public void A_bad_value_is_refused(string line)
    {
        var others = line.StartsWith("uplink", StringComparison.Ordinal) ? "node: host1" : "node: host1\nuplink: eth0";

        Assert.That(
            () => Parse($"{others}\n{line}\n"),
            Throws.TypeOf<OptionsException>().With.Message.Contains($"key '{line[..line.IndexOf(':', StringComparison.Ordinal)]}'")
        );
    }

    [TestCase("")]
    [TestCase("- a\n- b\n")]
    [TestCase("node: [host1\n")]
    public void A_file_that_is_no_mapping_is_refused_with_its_name(string text) =>
        Assert.That(() => Parse(text), Throws.TypeOf<OptionsException>().With.Message.StartsWith("dp.yaml"));

    [Test]
    public void A_file_that_is_missing_is_named() =>
        Assert.That(
            () => DatapathOptionsFile.Load("/nowhere/dp.yaml"),
            Throws.TypeOf<OptionsException>().With.Message.StartsWith("/nowhere/dp.yaml: cannot be read")
        );

    private static DatapathOptions Parse(string text) => DatapathOptionsFile.Read(OptionsFile.Parse(text, "dp.yaml"));
}
