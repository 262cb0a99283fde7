using System.Globalization;
using System.Text.RegularExpressions;
using Fabric.Testing.Guests;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>A real virtual machine (QEMU, virtio-net with offloads on a tap) in the place of VM c. Needs root and the guest kernel.</summary>
[Category("Privileged")]
[NonParallelizable]
[TestFixture(true)]
[TestFixture(false)]
public sealed partial class GuestTests(bool withCache)
{
    private const string Mac = "02:00:00:00:00:0c";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private TwoHosts _hosts = null!;
    private string _report = null!;

    [OneTimeSetUp]
    public void Run()
    {
        _hosts = new TwoHosts(withCache);
        Shell.Run($"ip -n {_hosts.Netns("host1")} link del tap2");
        Shell.Run($"ip -n {_hosts.Netns("host1")} tuntap add tap2 mode tap vnet_hdr");
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host2.Apply(TwoHosts.Tables2());
        _hosts.Host1.WaitForPorts(3);
        _hosts.Host2.WaitForPorts(2);
        _hosts.AskForAddress("b");
        using var server = Shell.Start($"ip netns exec {_hosts.Netns("b")} iperf3 -s");
        try
        {
            _report = RunGuest();
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [OneTimeTearDown]
    public void Remove() => _hosts?.Dispose();

    [Test]
    public void It_has_its_address_and_mtu_from_dhcp() => Assert.That(_report, Does.Contain("inet 10.1.0.4/24").And.Contain("mtu 1472"));

    [Test]
    public void It_reaches_another_host() => Assert.That(_report, Does.Contain("3 packets received"));

    [Test]
    public void It_sends_super_packets() => Assert.That(MeanFrame("sent"), Is.GreaterThan(2 * 1472), "segmented in the guest, not by us");

    // A super-packet from a veth underlay is still of a tunnel's kind when the kernel's program has taken the tunnel off, and a tap cuts up
    // what it does not know; kernels before the flags BPF_F_ADJ_ROOM_DECAP_* give a program no way to say otherwise. From a NIC, MPLS over GRE
    // comes in single segments anyway.
    [Test]
    public void It_receives_segments_joined_by_the_pipeline_and_single_ones_by_the_kernels_programs() =>
        Assert.That(MeanFrame("received"), withCache ? Is.InRange(1300, 1486) : Is.GreaterThan(2 * 1472));

    // Bytes a frame of the test's own direction, as the guest's device counted them.
    private double MeanFrame(string direction)
    {
        var match = Transfer().Matches(_report).Single(found => found.Groups["direction"].Value == direction);
        return double.Parse(match.Groups["bytes"].Value, CultureInfo.InvariantCulture)
            / double.Parse(match.Groups["packets"].Value, CultureInfo.InvariantCulture);
    }

    private string RunGuest()
    {
        using var guest = new Guest { NetworkNamespace = _hosts.Netns("host1") };
        guest.AddTap("tap2", Mac);
        guest.Files.AddProgram("/usr/bin/iperf3");
        guest.Files.AddText(
            "/etc/udhcpc.sh",
            """
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            ip addr add "$ip/$mask" dev "$interface"
            ip link set "$interface" mtu "${mtu:-1500}"

            """
        );
        guest.Start(
            """
            statistics=/sys/class/net/eth0/statistics
            transfer() { # DIRECTION COUNTERS OPTIONS
                packets=$(cat $statistics/$2_packets) bytes=$(cat $statistics/$2_bytes)
                iperf3 -c 10.1.0.5 -t 3 -i 0 $3
                echo "$1 $(($(cat $statistics/$2_bytes) - bytes)) bytes in $(($(cat $statistics/$2_packets) - packets)) packets"
            }
            ip link set lo up
            ip link set eth0 up
            udhcpc -i eth0 -n -q -f -t 10 -T 1 -O mtu -s /etc/udhcpc.sh
            ip addr show dev eth0
            ping -c 3 -W 2 10.1.0.5
            transfer sent tx
            transfer received rx -R
            """
        );
        return guest.WaitForEnd(_patience);
    }

    [GeneratedRegex(
        @"^(?<direction>sent|received) (?<bytes>\d+) bytes in (?<packets>\d+) packets",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Transfer();
}
