using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Bmp;
using Fabric.Wire.Tests.Bgp;

namespace Fabric.Wire.Tests.Bmp;

/// <summary>Each message as tshark reads it.</summary>
public sealed class BmpWriterTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(250_000);
    private static readonly BmpPeer Neighbor = new(
        BmpPeerType.Global,
        BmpPeerFlags.None,
        IpAddress.Parse("192.0.2.9"),
        new AsNumber(64513),
        BgpIdentifier.Parse("192.0.2.99"),
        Time
    );

    private static readonly (string Name, byte[] Message, string[] Meant)[] Cases =
    [
        (
            "initiation",
            Write(output => BmpWriter.Initiation("Fabric", "cn1", output)),
            ["bmp.version=3", "bmp.type=4", "bmp.init.type=1", "bmp.init.info=Fabric", "bmp.init.type=2", "bmp.init.info=cn1"]
        ),
        (
            "termination",
            Write(output => BmpWriter.Termination(BmpTerminationReason.OutOfResources, "too slow", output)),
            ["bmp.type=5", "bmp.term.type=1", "bmp.term.reason=2"]
        ),
        (
            "peer up",
            Write(output =>
                BmpWriter.PeerUp(Neighbor, IpAddress.Parse("192.0.2.1"), 179, 40001, Open("192.0.2.1"), Open("192.0.2.99"), null, output)
            ),
            [
                "bmp.type=3",
                "bmp.peer.type=0",
                "bmp.peer.flags=0x00",
                "bmp.peer.ip.addr=192.0.2.9",
                "bmp.peer.asn=64513",
                "bmp.peer.id=192.0.2.99",
                "bmp.peer.timestamp.sec=1700000000",
                "bmp.peer.timestamp.msec=250000",
                "bmp.peer.up.ip.addr=192.0.2.1",
                "bmp.peer.up.port.local=179",
                "bmp.peer.up.port.remote=40001",
                "open.identifier=192.0.2.1",
                "open.identifier=192.0.2.99",
            ]
        ),
        (
            "peer up of an IPv6 neighbour",
            Write(output =>
                BmpWriter.PeerUp(
                    Neighbor with
                    {
                        Address = IpAddress.Parse("2001:db8::9"),
                    },
                    IpAddress.Parse("2001:db8::1"),
                    179,
                    40001,
                    Open("192.0.2.1"),
                    Open("192.0.2.99"),
                    null,
                    output
                )
            ),
            ["bmp.peer.flags=0x80", "bmp.peer.ipv6.addr=2001:db8::9", "bmp.peer.up.ipv6.addr=2001:db8::1"]
        ),
        (
            "peer up of the Loc-RIB",
            Write(output =>
                BmpWriter.PeerUp(
                    Neighbor with
                    {
                        Type = BmpPeerType.LocRib,
                        Address = default,
                    },
                    default,
                    0,
                    0,
                    Open("192.0.2.1"),
                    Open("192.0.2.1"),
                    null,
                    output
                )
            ),
            ["bmp.peer.type=3", "bmp.peer.flags.loc_rib=0", "bmp.peer.up.port.local=0", "open.identifier=192.0.2.1"]
        ),
        (
            "peer down by the peer",
            Write(output => BmpWriter.PeerDown(Neighbor, BmpPeerDownReason.RemoteNotification, Cease(), output)),
            ["bmp.type=2", "bmp.peer.down.reason=3", "notify.major_error=6", "notify.minor_error_cease=2"]
        ),
        (
            "peer down without a word",
            Write(output => BmpWriter.PeerDown(Neighbor, BmpPeerDownReason.RemoteClose, [], output)),
            ["bmp.type=2", "bmp.peer.down.reason=4"]
        ),
        (
            "route monitoring",
            Write(output => BmpWriter.RouteMonitoring(Neighbor, Update(), output)),
            ["bmp.type=0", "bmp.peer.flags=0x00", "update.path_attribute.next_hop=192.0.2.9"]
        ),
        (
            "route monitoring behind the policies",
            Write(output => BmpWriter.RouteMonitoring(Neighbor with { Flags = BmpPeerFlags.PostPolicy }, Update(), output)),
            ["bmp.peer.flags.post_policy=1", "bmp.peer.flags.adj_rib_out=0"]
        ),
        (
            "route monitoring of an Adj-RIB-Out",
            Write(output =>
                BmpWriter.RouteMonitoring(Neighbor with { Flags = BmpPeerFlags.PostPolicy | BmpPeerFlags.AdjRibOut }, Update(), output)
            ),
            ["bmp.peer.flags.post_policy=1", "bmp.peer.flags.adj_rib_out=1"]
        ),
        (
            "statistics",
            Write(output =>
                BmpWriter.Statistics(
                    Neighbor,
                    [
                        BmpStatistic.Rejected(3),
                        BmpStatistic.AdjRibIn(1_000_000),
                        BmpStatistic.AdjRibIn(AddressFamily.Vpnv4, 900_000),
                        BmpStatistic.LocRib(7),
                        BmpStatistic.LocRib(AddressFamily.Vpnv6, 8),
                        BmpStatistic.AdjRibOut(5),
                        BmpStatistic.AdjRibOut(AddressFamily.Vpnv4, 4),
                    ],
                    output
                )
            ),
            [
                "bmp.type=1",
                "bmp.stats.count=7",
                "bmp.stats.data.prefix_rej=3",
                "bmp.stats.data.routes_adj_rib_in=1000000",
                "bmp.stats.data.routes_per_adj_rib_in.afi=1",
                "bmp.stats.data.routes_per_adj_rib_in.safi=128",
                "bmp.stats.data.routes_per_adj_rib_in=900000",
                "bmp.stats.data.routes_loc_rib=7",
                "bmp.stats.data.routes_per_loc_rib=8",
                "bmp.stats.data.routes_post_adj_rib_out=5",
                "bmp.stats.data.routes_post_per_adj_rib_out=4",
            ]
        ),
    ];

    [Test]
    public void Every_message_is_read_by_tshark_as_it_was_meant()
    {
        var read = Tshark.DecodeAs("bmp", [.. Cases.Select(c => c.Message)]);

        Assert.That(read, Has.Count.EqualTo(Cases.Length));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < Cases.Length; i++)
            {
                Assert.That(read[i], Is.SupersetOf(Cases[i].Meant), Cases[i].Name);
                Assert.That(read[i], Has.None.StartsWith("_ws.malformed"), Cases[i].Name);
            }
        });
    }

    /// <summary>RFC 7854 sections 4.3 to 4.5 and RFC 9069 section 4.4: TLVs that tshark 4.0 does not read.</summary>
    [Test]
    public void Information_stands_as_the_rfcs_draw_it()
    {
        var initiation = Write(output => BmpWriter.Initiation("F", "n", output));
        var locRib = Write(output =>
            BmpWriter.PeerUp(Neighbor with { Type = BmpPeerType.LocRib, Address = default }, default, 0, 0, [], [], "global", output)
        );

        var termination = Write(output => BmpWriter.Termination(BmpTerminationReason.OutOfResources, "slow", output));

        Assert.That(Convert.ToHexString(termination), Is.EqualTo("03000000140500010002" + "0002" + "00000004736C6F77"));
        Assert.That(Convert.ToHexString(initiation), Is.EqualTo("0300000010040001000146" + "000200016E"));
        Assert.That(Convert.ToHexString(locRib), Does.EndWith("0003" + "0006" + "676C6F62616C"));
    }

    private static byte[] Write(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Open(string identifier)
    {
        var bytes = new byte[MessageFrame.MaxBytes];
        var length = OpenMessage
            .Create(new AsNumber(64512), 90, BgpIdentifier.Parse(identifier), [new MultiprotocolCapability(AddressFamily.Vpnv4)])
            .Encode(bytes);
        return bytes[..length];
    }

    private static byte[] Cease()
    {
        var message = NotificationMessage.Shutdown(null);
        var bytes = new byte[message.TotalBytes];
        message.Encode(bytes);
        return bytes;
    }

    private static byte[] Update() =>
        Write(output =>
            UpdatePacker.Advertise<PrefixNlri>(
                AddressFamily.Ipv4Unicast,
                new PathAttributes { NextHop = IpAddress.Parse("192.0.2.9") },
                [new PrefixNlri(IpPrefix.Parse("10.1.0.0/16"))],
                new UpdateEncoding(fourOctetAs: true, extendedMessages: false),
                output
            )
        );
}
