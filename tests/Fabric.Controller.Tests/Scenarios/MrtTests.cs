using System.Buffers.Binary;
using Fabric.Bgp;
using Fabric.Controller.Monitoring;
using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Mrt;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What is in a dump of the tables (RFC 6396).</summary>
public sealed class MrtTests
{
    private const int HeaderBytes = 12;
    private const ushort PeerIndexTable = 1;
    private const ushort RibGeneric = 6;

    [Test]
    public void A_dump_begins_with_the_peers_and_has_a_record_for_each_route()
    {
        var scene = Start(out var gateway);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        scene.Run();

        var records = Records(Dump(scene));

        Assert.That(records[0].Subtype, Is.EqualTo(PeerIndexTable));
        Assert.That(Convert.ToHexString(records[0].Body), Does.Contain("C0000215"), "the gateway's address");
        Assert.That(records.Skip(1).Select(record => record.Subtype), Is.All.EqualTo(RibGeneric));
        Assert.That(records.Skip(1).Count(record => IsVpnv4(record.Body)), Is.EqualTo(2));
        Assert.That(
            records.Skip(1).Select(record => BinaryPrimitives.ReadUInt32BigEndian(record.Body)),
            Is.EqualTo(Enumerable.Range(0, records.Count - 1))
        );
    }

    [Test]
    public void Routes_of_each_family_are_dumped_in_the_form_of_their_family()
    {
        AddressFamily[] families = [AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4, AddressFamily.L2VpnEvpn];
        var scene = Start(out _);
        scene.Apply(Scene.Router("third", 23, families));
        var third = scene.Gateway("third", 23, families).Connected();
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("203.0.113.9"), LocalPref = 100 };
        var multicast = EvpnKey.InclusiveMulticast(RouteDistinguisher.Parse("64512:1"), 7, IpAddress.Parse("203.0.113.9"));
        third.Say(AddressFamily.Ipv4Unicast, attributes, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
        third.Say(AddressFamily.LabelledIpv4, attributes, new LabelledNlri(IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(77)));
        third.Say(AddressFamily.L2VpnEvpn, attributes, new EvpnNlri(multicast, default));
        scene.Run();

        var bodies = Records(Dump(scene)).Skip(1).Select(record => $"{record.Subtype}: {Convert.ToHexString(record.Body[4..])}").ToList();

        // RFC 6396 section 4.3.2; RFC 8277 section 2.2: label 77 with bottom of stack; RFC 7432 section 7.3.
        Assert.That(bodies, Has.One.StartsWith("2: 100A010001"));
        Assert.That(bodies, Has.One.StartsWith("6: 000104" + "28" + "0004D1" + "0A020001"));
        Assert.That(bodies, Has.One.StartsWith("6: 001946" + "0311" + "0000FC0000000001" + "00000007" + "20CB007109" + "0001"));
    }

    /// <summary>A full disk takes a part of what is written.</summary>
    [Test]
    public void A_chunk_of_the_log_that_does_not_fit_leaves_no_part_of_a_record()
    {
        using var file = new FullDisk(room: 6);

        Assert.That(async () => await MrtUpdateLog.AppendAsync(file, "first"u8.ToArray()), Throws.Nothing);
        Assert.That(async () => await MrtUpdateLog.AppendAsync(file, "second"u8.ToArray()), Throws.TypeOf<IOException>());

        Assert.That(file.ToArray(), Is.EqualTo("first"u8.ToArray()));
    }

    [Test]
    public void A_neighbour_that_comes_up_meanwhile_is_left_out()
    {
        var scene = Start(out var gateway);
        var dump = new MrtDump(scene.Node);
        gateway.Announce(scene.TargetOf("red"), [.. Enumerable.Range(0, 5000).Select(i => $"10.{64 + i / 256}.{i % 256}.0/24")]);
        scene.Run();
        var first = dump.Next()!;
        var other = scene.Gateway("other", 22).Connected();
        other.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        List<(ushort Subtype, byte[] Body)> records = [.. Records(first), .. Records(Rest(dump))];

        Assert.That(records.Count(record => record.Subtype == RibGeneric && IsVpnv4(record.Body)), Is.EqualTo(5000));
    }

    [Test]
    public void Each_update_of_a_neighbour_is_logged_with_its_ends()
    {
        const string ends = "0000FC000000FC0000000001C0000215C0000201";
        var scene = new Scene();
        using var log = LogOf(scene);
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        gateway.Handle(new PeerEvent.Stop("maintenance"));
        scene.Run();

        var records = Logged(log);
        Assert.That(records.Select(record => record.Subtype), Is.EqualTo([5, 4, 5]), "BGP4MP_STATE_CHANGE_AS4 around BGP4MP_MESSAGE_AS4");
        Assert.That(Convert.ToHexString(records[0].Body), Is.EqualTo(ends + "0005" + "0006"), "OpenConfirm to Established");
        Assert.That(Convert.ToHexString(records[1].Body), Does.StartWith(ends + new string('F', 32)));
        Assert.That(Convert.ToHexString(records[2].Body), Is.EqualTo(ends + "0006" + "0001"), "Established to Idle");
    }

    [Test]
    public void Identifiers_of_paths_are_in_the_records_of_families_that_have_them()
    {
        var scene = new Scene();
        using var log = LogOf(scene);
        scene.Reload("neighbors: [{ name: gw, address: 192.0.2.21, families: [ipv4, vpnv4], add-path: { ipv4: { receive: true } } }]");
        var gateway = scene.Gateway("gw", 21, AddressFamily.Ipv4Unicast, AddressFamily.Vpnv4);
        gateway.Options = gateway.Options with { AddPath = [new(AddressFamily.Ipv4Unicast, AddPathModes.Send)] };
        gateway.Connected();
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("203.0.113.9"), LocalPref = 100 };
        gateway.Say(AddressFamily.Ipv4Unicast, attributes, Path(7), Path(8));
        scene.Run();
        var updates = Logged(log).Skip(1).ToList();
        gateway.Announce(RouteTarget.Parse("64512:1"), "203.0.113.0/24");
        scene.Run();
        updates.AddRange(Logged(log));

        Assert.That(updates.Select(record => record.Subtype), Is.EqualTo([9, 4]), "BGP4MP_MESSAGE_AS4_ADDPATH of ipv4, not of vpnv4");
        var routes = Records(Dump(scene))
            .Skip(1)
            .Where(record => record.Subtype == 8)
            .Select(record => Convert.ToHexString(record.Body[4..]));
        Assert.That(routes, Has.Exactly(2).StartsWith("100A010001"), "RIB_IPV4_UNICAST_ADDPATH, a path each");
        Assert.That(routes.Select(body => body[22..30]), Is.EquivalentTo(["00000007", "00000008"]));

        static PathNlri<PrefixNlri> Path(uint id) => new(id, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
    }

    private static bool IsVpnv4(byte[] body) => body[4..7] is [0, 1, 128];

    private static MrtUpdateLog LogOf(Scene scene)
    {
        var local = new MrtPeer(scene.Options.RouterId, IpAddress.Parse("192.0.2.1"), scene.Options.As);
        var log = new MrtUpdateLog(scene.Node.Routes.Loop, local);
        scene.Node.Speaker.Observe(log);
        scene.Run();
        return log;
    }

    private static List<(ushort Subtype, byte[] Body)> Logged(MrtUpdateLog log)
    {
        var records = new List<(ushort, byte[])>();
        while (log.Chunks.TryRead(out var chunk))
        {
            records.AddRange(Records(chunk));
        }

        return records;
    }

    private static Scene Start(out GatewayPlayer gateway)
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4), Scene.Router("other", 22, AddressFamily.Vpnv4)]);
        gateway = scene.Gateway("gw", 21).Connected();
        return scene;
    }

    private static byte[] Dump(Scene scene) => Rest(new MrtDump(scene.Node));

    private static byte[] Rest(MrtDump dump)
    {
        var bytes = new List<byte>();
        while (dump.Next() is { } part)
        {
            bytes.AddRange(part);
        }

        return [.. bytes];
    }

    private static List<(ushort Subtype, byte[] Body)> Records(byte[] file)
    {
        var records = new List<(ushort, byte[])>();
        for (var position = 0; position < file.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(position + 8));
            records.Add(
                (
                    BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(position + 6)),
                    file[(position + HeaderBytes)..(position + HeaderBytes + length)]
                )
            );
            position += HeaderBytes + length;
        }

        return records;
    }

    private sealed class FullDisk(int room) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var fits = Math.Min(buffer.Length, room - (int)Length);
            await base.WriteAsync(buffer[..fits], cancellationToken);
            if (fits < buffer.Length)
            {
                throw new IOException("No space left on device");
            }
        }
    }
}
