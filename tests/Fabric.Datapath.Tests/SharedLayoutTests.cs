using System.Runtime.InteropServices;
using Fabric.Datapath.Shared;
using Fabric.Primitives;

namespace Fabric.Datapath.Tests;

/// <summary>Sizes, offsets and hashes are what gcc makes of bpf/layout.h.</summary>
public sealed class SharedLayoutTests
{
    private static readonly FlowKey Key = new(1, 0x0A01000B, 0x0A01000C, 4000, 53, 17);

    [Test]
    public void Structures_have_the_size_of_their_c_form()
    {
        Assert.That(Marshal.SizeOf<FlowKey>(), Is.EqualTo(20));
        Assert.That(Marshal.SizeOf<FlowSlot>(), Is.EqualTo(128));
        Assert.That(Marshal.SizeOf<VifSlot>(), Is.EqualTo(64));
        Assert.That(Marshal.SizeOf<NextHopSlot>(), Is.EqualTo(32));
        Assert.That(Marshal.SizeOf<DeviceSlot>(), Is.EqualTo(8));
        Assert.That(Marshal.SizeOf<HostSlot>(), Is.EqualTo(64));
        Assert.That(Marshal.SizeOf<VifCounters>(), Is.EqualTo(32));
        Assert.That(Marshal.SizeOf<CacheCounters>(), Is.EqualTo(64));
    }

    [Test]
    public void A_flow_lies_as_its_c_form()
    {
        var flow = new FlowSlot
        {
            Key = Key,
            OuterSource = 0xC0000202,
            Verdict = new FlowVerdictWord(FlowAction.Drop, DropReason.Multicast, 0x12345, 0x6789A),
            ValidatedAt = 0x0102,
            RouteNextHop = 5,
            Reverse = -1,
            Vif = 6,
            DestinationVif = FlowSlot.NoVif,
            InUse = true,
            IsInitiator = true,
            IcmpType = 8,
            TcpEnd = 0xA1,
            TcpAcknowledged = 0xA2,
            TcpWindow = 0xA3,
            TcpScale = 7,
        };
        flow.Count(36, nowMilliseconds: 1);
        flow.Advance(TcpProgress.Syn | TcpProgress.Fin);

        // 20 bytes of key, outer source; verdict (1 | 7 << 2 | label << 10 | next hop << 30), change; and so on.
        string[] words =
        [
            "01000000" + "0b00010a" + "0c00010a" + "a00f3500" + "11000000" + "020200c0",
            "1d148d84269e0100" + "0201000000000000",
            "05000000" + "ffffffff" + "06000000" + "ffffffff" + "01010800" + "00000000",
            "0100000000000000" + "2400000000000000" + "40420f0000000000" + "0000000000000000",
            "a1000000" + "a2000000" + "a3000507" + new string('0', 40),
        ];
        Assert.That(
            Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<FlowSlot>(ref flow))),
            Is.EqualTo(string.Concat(words))
        );
    }

    [Test]
    public void A_vif_lies_as_its_c_form()
    {
        var vif = new VifSlot
        {
            ChangedAt = 1,
            NextHop = 2,
            Device = 3,
            MissRate = 4,
        };
        vif.SetMac(MacAddress.Parse("02:00:00:00:00:09"), VifFlags.Present | VifFlags.Peer);
        Assert.That(vif.Mac, Is.EqualTo(MacAddress.Parse("02:00:00:00:00:09")));
        Assert.That(
            Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<VifSlot>(ref vif))[..28]),
            Is.EqualTo("0100000000000000" + "02000000" + "03000000" + "020000000009" + "0300" + "04000000")
        );
    }

    [TestCase(0x0123_4567_89AB_CDEFul, 0xEB7ABA4Eu)]
    [TestCase(0ul, 0xC514FED7u)]
    public void A_hash_is_that_of_the_programs(ulong seed, uint hash) => Assert.That(Key.Hash(seed), Is.EqualTo(hash));

    [Test]
    public void A_hash_of_the_largest_values_is_that_of_the_programs() =>
        Assert.That(new FlowKey(0xFFFFF, 0x0A01000B, 0x0A01000C, 65535, 0, 1).Hash(ulong.MaxValue), Is.EqualTo(0xCB618C12u));
}
