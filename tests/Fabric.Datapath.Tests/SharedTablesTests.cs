using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Datapath.Tests;

public sealed class SharedTablesTests
{
    [Test]
    public void Tables_are_shown_as_programs_need_them()
    {
        var memory = new Host().Memory;
        Assert.That((memory.Host.TunnelSource, memory.Host.UnderlayMtu), Is.EqualTo((Host.Address("192.0.2.1"), 1500u)));
        ref var vif = ref memory.Vifs[2];
        Assert.That((vif.NextHop, vif.Mac, vif.Flags), Is.EqualTo((2u, MacAddress.Parse("02:00:00:00:00:02"), VifFlags.Present)));
        ref var tunnel = ref memory.NextHops[4];
        Assert.That(
            (tunnel.Kind, tunnel.TunnelKind, tunnel.Target),
            Is.EqualTo((NextHopKind.Tunnel, TunnelKind.MplsOverGre, Host.Address("192.0.2.2")))
        );
        Assert.That(memory.Labels.Span[15..19].ToArray(), Is.EqualTo(new uint[] { 0, 2, 3, 4 }));
    }

    [Test]
    public void A_change_of_an_interface_its_routes_or_its_groups_touches_the_interface()
    {
        var host = new Host();
        host.Apply(new Batch { Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 1, 2, 1 }));
        host.Apply(new Batch { AccessLists = { Host.Group(8, "web") } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 1, 3, 1 }));
        host.Apply(new Batch { Routes = { Host.Route(2, "10.9.0.0/16", 4, 99) } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 1, 3, 4 }));
        host.Apply(new Batch { VrfsRemoved = { 1 } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 5, 5, 4 }));
        host.Apply(new Batch { VifsRemoved = { 3 } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 5, 5, 6 }));
        host.Apply(new Batch { NextHops = { Host.Interface(2), Host.Interface(1) }, Vrfs = { new VrfEntry { Id = 9 } } });
        Assert.That(Changes(host), Is.EqualTo(new long[] { 5, 5, 6 }), "these are as they were");
    }

    // Else what is meant for the next one with its number goes to a machine of another tenant.
    [Test]
    public void An_interface_that_goes_has_no_device_any_more([Values] bool withProcess)
    {
        var old = new Host();
        new SharedDevices(old.Memory).AttachVif(vif: 3, interfaceIndex: 9, isPeer: true);
        var host = withProcess ? new Host(old.Memory) : old;
        var snapshot = Host.Snapshot();
        snapshot.Vifs.RemoveAt(2);
        host.Apply(snapshot);
        Assert.That((old.Memory.Vifs[3].Device, old.Memory.Devices[9].Role), Is.EqualTo((0u, DeviceRole.None)));
    }

    [Test]
    public void Nor_has_one_in_its_place_that_comes_in_the_same_batch([Values] bool isNamed)
    {
        var host = new Host();
        new SharedDevices(host.Memory).AttachVif(vif: 3, interfaceIndex: 9, isPeer: true);
        var port = Host.Vif(3, 1, "10.1.0.13");
        port.PortId = "another";
        var batch = new Batch { Vifs = { port } };
        if (isNamed)
        {
            batch.VifsRemoved.Add(3);
        }

        host.Apply(batch);
        Assert.That((host.Memory.Vifs[3].Device, host.Memory.Devices[9].Role), Is.EqualTo((0u, DeviceRole.None)));
    }

    [Test]
    public void Nor_has_one_that_took_its_place_while_no_process_was_there()
    {
        var old = new Host();
        var devices = new SharedDevices(old.Memory);
        devices.AttachVif(vif: 2, interfaceIndex: 8, isPeer: true);
        devices.AttachVif(vif: 3, interfaceIndex: 9, isPeer: true);
        var snapshot = Host.Snapshot();
        snapshot.Vifs[2].Mac = ByteString.CopyFrom(2, 0, 0, 0, 0, 0x33);
        new Host(old.Memory).Apply(snapshot);
        Assert.That((old.Memory.Vifs[2].Device, old.Memory.Vifs[3].Device), Is.EqualTo((8u, 0u)));
    }

    [Test]
    public void A_device_that_another_interface_has_by_now_stays_its_own()
    {
        var host = new Host();
        var devices = new SharedDevices(host.Memory);
        devices.AttachVif(vif: 3, interfaceIndex: 9, isPeer: true);
        devices.AttachVif(vif: 2, interfaceIndex: 9, isPeer: true);
        devices.DetachVif(3);
        Assert.That((host.Memory.Devices[9].Role, host.Memory.Devices[9].Vif), Is.EqualTo((DeviceRole.Vif, 2u)));
        devices.AttachVif(vif: 2, interfaceIndex: 10, isPeer: true);
        Assert.That(host.Memory.Devices[9].Role, Is.EqualTo(DeviceRole.None));
    }

    [Test]
    public void A_label_follows_its_next_hop_and_its_interface()
    {
        var host = new Host();
        host.Apply(new Batch { Labels = { Host.Label(16, 2) } });
        Assert.That(host.Memory.Labels[16], Is.EqualTo(3));
        host.Apply(new Batch { NextHopsRemoved = { 2 } });
        Assert.That(host.Memory.Labels.Span[16..19].ToArray(), Is.EqualTo(new uint[] { 0, 0, 4 }));
        host.Apply(new Batch { VifsRemoved = { 3 } });
        Assert.That(host.Memory.Labels[18], Is.Zero);
        host.Apply(new Batch { LabelsRemoved = { 17 }, NextHops = { Host.Interface(2) } });
        Assert.That(host.Memory.Labels.Span[16..19].ToArray(), Is.EqualTo(new uint[] { 3, 0, 0 }));
    }

    [Test]
    public void Another_target_of_a_next_hop_is_not_resolved()
    {
        var host = new Host();
        host.Memory.NextHops[4].Resolve(neighbour: 0x0101_0101, interfaceIndex: 7);
        host.Apply(new Batch { NextHops = { Host.Tunnel(4, "192.0.2.2") } });
        Assert.That(host.Memory.NextHops[4].Underlay, Is.EqualTo(0x7_0101_0101ul), "the same");
        host.Apply(new Batch { NextHops = { Host.Tunnel(4, "192.0.2.3") } });
        Assert.That((host.Memory.NextHops[4].Underlay, host.Memory.NextHops[4].ChangedAt), Is.EqualTo((0ul, 3L)));
    }

    [Test]
    public void A_member_that_changes_changes_the_whole()
    {
        var host = new Host();
        var ecmp = new NextHopEntry
        {
            Id = 8,
            Ecmp = new EcmpNextHop
            {
                Members =
                {
                    new EcmpMember { NextHop = 7, Label = 71 },
                },
            },
        };
        host.Apply(new Batch { NextHops = { ecmp }, Routes = { Host.Route(1, "10.1.0.21/32", 8) } });
        Assert.That(host.FromVif(1, Golden.PingToRemote).Count, Is.Zero, "no member is there");
        host.Apply(new Batch { NextHops = { Host.Tunnel(7, "192.0.2.7") } });
        Assert.That(host.Memory.NextHops[8].ChangedAt, Is.EqualTo(3));
        Assert.That(host.FromVif(1, Golden.PingToRemote).Uplink, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_tunnel_that_moves_makes_packets_from_its_old_end_invalid()
    {
        var host = new Host();
        Assert.That(host.FromUplink(Golden.PongFromRemoteInTunnel).Vifs, Has.Count.EqualTo(1));
        host.Apply(new Batch { NextHops = { Host.Tunnel(4, "192.0.2.3") } });
        Assert.That(host.FromUplink(Golden.PongFromRemoteInTunnel).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidSource), Is.EqualTo(1));
    }

    [Test]
    public void What_the_programs_count_is_added()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.FromVif(1, Golden.Spoofed);
        host.Memory.VifCounters[1].ReceivedPackets = 10;
        host.Memory.Drops[(int)DropReason.SpoofedSourceAddress] = 5;
        Assert.That(host.Inspector.Vifs()[0].ReceivedPackets, Is.EqualTo(12));
        Assert.That(host.Dropped(DropReason.SpoofedSourceAddress), Is.EqualTo(6));
    }

    [Test]
    public void A_vif_above_the_size_of_the_memory_is_refused()
    {
        var host = new Host();
        Assert.That(host.Apply(new Batch { Vifs = { Host.Vif(16, 1, "10.1.0.16") } }), Is.EqualTo("vif 16: id is above 15"));
    }

    [Test]
    public void A_next_hop_above_the_size_of_the_memory_forwards_all_the_same()
    {
        var host = new Host();
        host.Apply(new Batch { NextHops = { Host.Tunnel(64, "192.0.2.2") }, Routes = { Host.Route(1, "10.1.0.21/32", 64, 21) } });
        Assert.That(host.FromVif(1, Golden.PingToRemote).Uplink, Has.Count.EqualTo(1));
        host.Apply(new Batch { NextHopsRemoved = { 64 } });
        Assert.That(host.FromVif(1, Golden.PingToRemote).Count, Is.Zero);
    }

    [Test]
    public void Devices_are_told_by_the_host()
    {
        var memory = new Host().Memory;
        var devices = new SharedDevices(memory);
        devices.AttachUplink(2);
        devices.AttachVif(1, 7, isPeer: true);
        Assert.That(
            (memory.Devices[2].Role, memory.Devices[7].Role, memory.Devices[7].Vif),
            Is.EqualTo((DeviceRole.Uplink, DeviceRole.Vif, 1u))
        );
        Assert.That((memory.Vifs[1].Device, memory.Vifs[1].Flags), Is.EqualTo((7u, VifFlags.Present | VifFlags.Peer)));

        devices.DetachVif(1);
        Assert.That((memory.Devices[7].Role, memory.Vifs[1].Device), Is.EqualTo((DeviceRole.None, 0u)));
    }

    [Test]
    public void An_interface_whose_device_has_no_slot_has_none_for_the_programs()
    {
        var memory = new Host().Memory;
        var devices = new SharedDevices(memory);
        devices.AttachVif(1, 7, isPeer: true);
        devices.AttachVif(1, 99, isPeer: true);
        Assert.That((memory.Devices[7].Role, memory.Vifs[1].Device), Is.EqualTo((DeviceRole.None, 0u)));
    }

    private static long[] Changes(Host host) => [.. new[] { 1, 2, 3 }.Select(id => host.Memory.Vifs[id].ChangedAt)];
}
