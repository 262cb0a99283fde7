using System.Text.Json;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>fabric-dp with real packets in network namespaces. Needs root, ip, nft, udhcpc, tcpdump, tshark and iperf3.</summary>
[Category("Privileged")]
[NonParallelizable]
[TestFixture(true)]
[TestFixture(false)]
public sealed class TwoHostTests(bool withCache)
{
    private TwoHosts _hosts = null!;

    [OneTimeSetUp]
    public void Plug()
    {
        _hosts = new TwoHosts(withCache);
        Assert.That(_hosts.Host1.Apply(TwoHosts.Tables1()).Error, Is.Empty);
        Assert.That(_hosts.Host2.Apply(TwoHosts.Tables2()).Error, Is.Empty);
        _hosts.Host1.WaitForPorts(3);
        _hosts.Host2.WaitForPorts(2);
        foreach (var vm in (string[])["a", "b", "c"])
        {
            var answer = _hosts.AskForAddress(vm);
            Assert.That(answer.ExitCode, Is.Zero, $"{vm}: {answer.Text}\n{_hosts.Host1.Inspect("/inspect/drops")}");
        }
    }

    [OneTimeTearDown]
    public void Remove() => _hosts?.Dispose();

    [Test]
    public void A_vm_has_its_address_and_mtu_from_dhcp()
    {
        var link = _hosts.In("a", "ip -o addr show dev eth0").Text + _hosts.In("a", "ip link show dev eth0").Text;

        Assert.That(link, Does.Contain("10.1.0.3/24").And.Contain("mtu 1472"));
    }

    [TestCase("10.1.0.4", TestName = "A_vm_reaches_its_neighbour_on_the_host")]
    [TestCase("10.1.0.5", TestName = "A_vm_reaches_its_neighbour_on_another_host")]
    [TestCase("10.1.0.1", TestName = "A_vm_reaches_its_gateway")]
    public void Ping(string address) => ExpectPing("a", $"-c 3 -i 0.2 -W 2 {address}");

    [Test]
    public void The_largest_packet_passes_whole() => ExpectPing("a", "-c 2 -i 0.2 -W 2 -s 1444 -M do 10.1.0.5");

    [Test]
    public void A_packet_that_does_not_fit_the_underlay_is_answered_with_the_mtu_that_does()
    {
        // The VM believes in a larger link than the underlay has.
        _hosts.In("c", "ip link set eth0 mtu 1500");

        var ping = _hosts.In("c", "ping -c 2 -i 0.2 -W 2 -s 1445 -M do 10.1.0.5");

        Assert.That(ping.Text, Does.Match("[Ff]rag needed.*mtu = 1472").Or.Contain("message too long, mtu=1472"));
    }

    [Test]
    public void The_underlay_carries_each_packet_once_as_mpls_over_gre_and_no_host_answers_it()
    {
        const string request = "192.0.2.1,10.1.0.3|192.0.2.2,10.1.0.5|0x8847|26|1|8";
        const string reply = "192.0.2.2,10.1.0.5|192.0.2.1,10.1.0.3|0x8847|16|1|0";
        // An answer may take longer than the next request.
        Assert.That(CapturePings("gre.pcap"), Is.EquivalentTo([request, request, request, reply, reply, reply]));
    }

    [Test]
    public void Tunnels_of_mpls_over_udp_carry_the_same()
    {
        Assert.That(_hosts.Host1.Apply(TwoHosts.OverUdp(TwoHosts.Tables1())).Error, Is.Empty);
        Assert.That(_hosts.Host2.Apply(TwoHosts.OverUdp(TwoHosts.Tables2())).Error, Is.Empty);
        try
        {
            const string request = "192.0.2.1,10.1.0.3|192.0.2.2,10.1.0.5||26|1|8";
            const string reply = "192.0.2.2,10.1.0.5|192.0.2.1,10.1.0.3||16|1|0";
            Assert.That(CapturePings("udp.pcap"), Is.EquivalentTo([request, request, request, reply, reply, reply]));
        }
        finally
        {
            _hosts.Host1.Apply(TwoHosts.Tables1());
            _hosts.Host2.Apply(TwoHosts.Tables2());
        }
    }

    [Test]
    public void Tcp_between_hosts_survives_segmentation_offload() => ExpectTransfer();

    [TestCase("on", TestName = "Tcp_survives_trains_of_mpls_over_udp")]
    [TestCase("off", TestName = "Tcp_survives_trains_of_mpls_over_udp_that_the_kernel_cuts")]
    public void Trains(string segmentation)
    {
        _hosts.Host1.Apply(TwoHosts.OverUdp(TwoHosts.Tables1()));
        _hosts.Host2.Apply(TwoHosts.OverUdp(TwoHosts.Tables2()));
        Segment(segmentation);
        try
        {
            ExpectTransfer();
        }
        finally
        {
            Segment("on");
            _hosts.Host1.Apply(TwoHosts.Tables1());
            _hosts.Host2.Apply(TwoHosts.Tables2());
        }
    }

    private void Segment(string segmentation)
    {
        Shell.Run($"ip netns exec {_hosts.Netns("host1")} ethtool -K eth0 tx-udp-segmentation {segmentation}");
        Shell.Run($"ip netns exec {_hosts.Netns("host2")} ethtool -K eth0 tx-udp-segmentation {segmentation}");
    }

    private void ExpectTransfer()
    {
        using var server = Shell.Start($"ip netns exec {_hosts.Netns("b")} iperf3 -s -1");
        Shell.WaitUntil(() => _hosts.In("b", "ss -Hltn sport = 5201").Text.Length > 0, "the iperf3 server");

        var client = _hosts.In("a", "iperf3 -c 10.1.0.5 -t 3 -J");

        Assert.That(client.ExitCode, Is.Zero, client.Text);
        using var report = JsonDocument.Parse(client.Text);
        var received = report.RootElement.GetProperty("end").GetProperty("sum_received");
        TestContext.Out.WriteLine($"TCP across hosts: {received.GetProperty("bits_per_second").GetDouble() / 1e6:F0} Mbit/s");
        Assert.That(received.GetProperty("bytes").GetInt64(), Is.GreaterThan(1 << 20));
        // The last segments of its connections are not to be seen by the test that comes next.
        Shell.WaitUntil(() => server.HasExited, "the end of the iperf3 server");
    }

    private string[] CapturePings(string file)
    {
        var capture = Path.Combine(_hosts.Folder, file);
        using var tcpdump = Shell.Start($"ip netns exec {_hosts.Netns("host2")} tcpdump -i eth0 -U -w {capture} ip");
        Shell.WaitUntil(() => File.Exists(capture) && new FileInfo(capture).Length >= 24, "the capture's header");

        ExpectPing("a", "-c 3 -i 0.2 -W 2 10.1.0.5");
        Shell.WaitUntil(() => Decode(capture).Length >= 6, "six packets in the capture");
        tcpdump.Kill();
        tcpdump.WaitForExit();
        return Decode(capture);
    }

    private static string[] Decode(string capture) =>
        Shell
            .Try($"tshark -r {capture} -T fields -E separator=| -e ip.src -e ip.dst -e gre.proto -e mpls.label -e mpls.bottom -e icmp.type")
            .Text.Split('\n')
            .Where(static line => line.Contains('|', StringComparison.Ordinal))
            .ToArray();

    private void ExpectPing(string vm, string arguments)
    {
        var ping = _hosts.In(vm, $"ping {arguments}");
        Assert.That(
            ping.Text,
            Does.Contain(" 0% packet loss"),
            $"{ping.Text}\n{_hosts.Host1.Inspect("/inspect/drops")}\n{_hosts.Host2.Inspect("/inspect/drops")}\n{_hosts.Host1.Log}"
        );
    }
}
