using System.Globalization;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>A change of tables meets packets of flows that are established. Needs root.</summary>
[Category("Privileged")]
[NonParallelizable]
[TestFixture(true)]
[TestFixture(false)]
public sealed class ChangeTests(bool withCache)
{
    private const int CaptureHeader = 24;

    private static readonly TimeSpan _bound = TimeSpan.FromMilliseconds(100);

    private TwoHosts _hosts = null!;

    [SetUp]
    public void Plug()
    {
        _hosts = new TwoHosts(withCache);
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host2.Apply(TwoHosts.Tables2());
        _hosts.Host1.WaitForPorts(3);
        _hosts.Host2.WaitForPorts(2);
        _hosts.AskForAddress("a");
        _hosts.AskForAddress("b");
    }

    [TearDown]
    public void Remove() => _hosts.Dispose();

    private static IEnumerable<TestCaseData> Changes() =>
        [
            new TestCaseData(TwoHosts.DenyingA()) { TestName = "A_policy_that_denies_stops_an_established_flow_within_100_ms" },
            new TestCaseData(TwoHosts.WithoutRouteToB()) { TestName = "A_route_that_goes_stops_an_established_flow_within_100_ms" },
        ];

    [TestCaseSource(nameof(Changes))]
    public void Change(Batch change)
    {
        // The kernel's own times of the answers: ping prints them when it comes to it.
        var capture = Path.Combine(_hosts.Folder, "answers.pcap");
        using var tcpdump = Shell.Start(
            $"ip netns exec {_hosts.Netns("a")} tcpdump -i eth0 --immediate-mode -U -w {capture} icmp[icmptype]=icmp-echoreply"
        );
        Shell.WaitUntil(() => File.Exists(capture) && new FileInfo(capture).Length >= CaptureHeader, "the capture's header");
        using var ping = Shell.Start($"ip netns exec {_hosts.Netns("a")} ping -q -i 0.01 10.1.0.5");
        Shell.WaitUntil(() => EchoRequestsSent() >= 50, "an established flow");

        Assert.That(_hosts.Host1.Apply(change).Error, Is.Empty);
        var applied = DateTimeOffset.UtcNow;
        var sent = EchoRequestsSent();
        Shell.WaitUntil(() => EchoRequestsSent() >= sent + 100, "requests after the change");

        ping.Kill();
        ping.WaitForExit();
        tcpdump.Kill();
        tcpdump.WaitForExit();
        var answers = Times(capture);
        TestContext.Out.WriteLine($"last answer {(answers[^1] - applied).TotalMilliseconds:F0} ms after the change was applied");
        Assert.That(answers, Has.Count.AtLeast(40));
        Assert.That(answers[^1] - applied, Is.LessThan(_bound));
    }

    [Test]
    public void A_port_in_the_place_of_another_at_the_same_device_forwards()
    {
        var another = TwoHosts.Tables1().Vifs[0];
        another.PortId = "another";
        Assert.That(_hosts.Host1.Apply(new Batch { VifsRemoved = { another.Id }, Vifs = { another } }).Error, Is.Empty);
        _hosts.Host1.WaitForPorts(4);
        Shell.WaitUntil(() => _hosts.In("a", "ping -c 1 -W 1 10.1.0.5").ExitCode == 0, "an answer");
    }

    private int EchoRequestsSent()
    {
        var icmp = _hosts
            .In("a", "cat /proc/net/snmp")
            .Text.Split('\n')
            .Where(static line => line.StartsWith("Icmp:", StringComparison.Ordinal))
            .Select(static line => line.Split(' '))
            .ToArray();
        return int.Parse(icmp[1][Array.IndexOf(icmp[0], "OutEchos")], CultureInfo.InvariantCulture);
    }

    private static List<DateTimeOffset> Times(string capture) =>
        [
            .. Shell
                .Try($"tshark -r {capture} -T fields -e frame.time_epoch")
                .Text.Split('\n')
                .Where(static line => line.Length > 0 && char.IsDigit(line[0]))
                .Select(static line => DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture))),
        ];
}
