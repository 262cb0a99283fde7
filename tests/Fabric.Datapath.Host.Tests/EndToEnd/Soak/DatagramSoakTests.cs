using System.Globalization;
using System.Net;
using Fabric.Datapath.Host.Tests.Network;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Host.Tests.EndToEnd.Soak;

/// <summary>
/// Super-packets of UDP through both tunnels for FABRIC_SOAK_SECONDS (5; the target Soak has 300): every datagram comes as it was sent, or its
/// loss is counted. Needs root.
/// </summary>
[Category("Privileged")]
[Category("Soak")]
[NonParallelizable]
public sealed class DatagramSoakTests
{
    private const int Port = 7000;
    private const int DefaultSeconds = 5;

    private static TimeSpan Time =>
        TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable("FABRIC_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : DefaultSeconds
        );

    [TestCase(true, TunnelKind.MplsOverGre)]
    [TestCase(true, TunnelKind.MplsOverUdp)]
    [TestCase(false, TunnelKind.MplsOverGre)]
    [TestCase(false, TunnelKind.MplsOverUdp)]
    public void Datagrams_of_super_packets_arrive_as_they_were_sent(bool withCache, TunnelKind kind)
    {
        using var hosts = new TwoHosts(withCache);
        hosts.Host1.Apply(Over(kind, TwoHosts.Tables1()));
        hosts.Host2.Apply(Over(kind, TwoHosts.Tables2()));
        hosts.Host1.WaitForPorts(3);
        hosts.Host2.WaitForPorts(2);
        hosts.AskForAddress("a");
        hosts.AskForAddress("b");
        // What a machine's own queue for an unknown neighbour has no room for is lost before it leaves.
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);
        var before = Lost(hosts);

        var stream = new DatagramStream(IPAddress.Parse("10.1.0.5"), Port);
        var receiver = InNamespace.Start(hosts.Netns("b"), stream.Receive);
        var sender = InNamespace.Start(hosts.Netns("a"), () => stream.Send(Time));
        Task.WaitAll(receiver, sender);

        var counted = Lost(hosts) - before;
        var drops = $"{hosts.Host1.Inspect("/inspect/drops")}\n{hosts.Host2.Inspect("/inspect/drops")}";
        TestContext.Out.WriteLine(
            $"{stream.Sent} datagrams sent, {stream.Received} received, {stream.Wrong} of them wrong, {counted} losses counted"
        );
        Assert.Multiple(() =>
        {
            Assert.That(stream.Wrong, Is.Zero);
            Assert.That(stream.Received, Is.GreaterThan(0).And.LessThanOrEqualTo(stream.Sent), drops);
            Assert.That(stream.Sent - stream.Received, Is.Zero.Or.LessThanOrEqualTo(counted * DatagramStream.MostSegments), drops);
        });
    }

    private static Batch Over(TunnelKind kind, Batch tables) => kind == TunnelKind.MplsOverUdp ? TwoHosts.OverUdp(tables) : tables;

    /// <summary>Packets that both data planes dropped or could not send, and datagrams that the receiver's queue had no room for.</summary>
    private static long Lost(TwoHosts hosts) => Lost(hosts.Host1) + Lost(hosts.Host2) + LostByReceiver(hosts);

    private static long Lost(DatapathProcess host) =>
        host.Inspect("/metrics")
            .Split('\n')
            .Where(static line =>
                // The machines' own IPv6 is none of the stream's.
                line.StartsWith("fabric_dp_dropped_packets_total{", StringComparison.Ordinal)
                    && !line.Contains("\"ipv6\"", StringComparison.Ordinal)
                || line.StartsWith("fabric_dp_port_missed_packets_total{", StringComparison.Ordinal)
                || line.StartsWith("fabric_dp_port_send_errors_total{", StringComparison.Ordinal)
                || line.StartsWith("fabric_dp_port_receive_errors_total{", StringComparison.Ordinal)
                || line.StartsWith("fabric_dp_flow_cache_packets_total{outcome=\"lost\"}", StringComparison.Ordinal)
            )
            .Sum(static line => long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));

    private static long LostByReceiver(TwoHosts hosts)
    {
        var udp = hosts
            .In("b", "cat /proc/net/snmp")
            .Text.Split('\n')
            .Where(static line => line.StartsWith("Udp:", StringComparison.Ordinal))
            .Select(static line => line.Split(' '))
            .ToArray();
        return long.Parse(udp[1][Array.IndexOf(udp[0], "InErrors")], CultureInfo.InvariantCulture);
    }
}
