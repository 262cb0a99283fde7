using System.Text.Json;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>A host where the C# pipeline forwards alone, and one with the kernel's programs. Needs root.</summary>
[Category("Privileged")]
[NonParallelizable]
public sealed class MixedHostsTests
{
    // The programs take no trains.
    [Test]
    public void Trains_of_datagrams_arrive_at_a_host_with_programs()
    {
        using var hosts = new TwoHosts(withCache1: false, withCache2: true);
        hosts.Host1.Apply(TwoHosts.OverUdp(TwoHosts.Tables1()));
        hosts.Host2.Apply(TwoHosts.OverUdp(TwoHosts.Tables2()));

        Assert.That(BytesReceived(hosts), Is.GreaterThan(1 << 20));
    }

    // On one machine the programs' large packets come whole inside their tunnel.
    [TestCase(false)]
    [TestCase(true)]
    public void Large_packets_of_a_host_with_programs_arrive_at_one_without(bool isOverUdp)
    {
        using var hosts = new TwoHosts(withCache1: true, withCache2: false);
        hosts.Host1.Apply(isOverUdp ? TwoHosts.OverUdp(TwoHosts.Tables1()) : TwoHosts.Tables1());
        hosts.Host2.Apply(isOverUdp ? TwoHosts.OverUdp(TwoHosts.Tables2()) : TwoHosts.Tables2());

        Assert.That(BytesReceived(hosts), Is.GreaterThan(64 << 20));
    }

    /// <summary>What b gets of a by TCP in two seconds.</summary>
    private static long BytesReceived(TwoHosts hosts)
    {
        hosts.Host1.WaitForPorts(3);
        hosts.Host2.WaitForPorts(2);
        hosts.AskForAddress("a");
        hosts.AskForAddress("b");
        using var server = Shell.Start($"ip netns exec {hosts.Netns("b")} iperf3 -s -1");
        Shell.WaitUntil(() => hosts.In("b", "ss -Hltn sport = 5201").Text.Length > 0, "the iperf3 server");

        var client = hosts.In("a", "iperf3 -c 10.1.0.5 -t 2 -J");

        Assert.That(client.ExitCode, Is.Zero, client.Text);
        using var report = JsonDocument.Parse(client.Text);
        var received = report.RootElement.GetProperty("end").GetProperty("sum_received");
        TestContext.Out.WriteLine($"TCP: {received.GetProperty("bits_per_second").GetDouble() / 1e6:F0} Mbit/s");
        return received.GetProperty("bytes").GetInt64();
    }
}
