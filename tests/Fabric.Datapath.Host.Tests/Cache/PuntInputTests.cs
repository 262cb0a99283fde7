using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Host.Tests.Cache;

public sealed class PuntInputTests
{
    private const uint VifDevice = 5;
    private const uint UplinkDevice = 6;
    private const uint Unattached = 7;
    private readonly SharedMemory _memory = SharedMemory.Allocate(
        new SharedSizes(16)
        {
            Vifs = 4,
            NextHops = 4,
            Labels = 4,
            Devices = 8,
            Processors = 1,
        },
        seed: 1
    );

    public PuntInputTests()
    {
        var devices = new SharedDevices(_memory);
        devices.AttachVif(vif: 3, VifDevice, isPeer: false);
        devices.AttachUplink(UplinkDevice);
    }

    [OneTimeTearDown]
    public void Free() => _memory.Dispose();

    [TestCase(VifDevice, 60, "vif 3 60")]
    [TestCase(UplinkDevice, 60, "uplink 46")]
    [TestCase(UplinkDevice, 13, "drop TruncatedFrame")]
    [TestCase(Unattached, 60, "drop UnknownVif", TestName = "What_comes_up_from_a_device_that_was_given_up_meanwhile_is_a_counted_drop")]
    [TestCase(8u, 60, "drop UnknownVif", TestName = "What_comes_up_from_a_device_without_a_slot_is_a_counted_drop")]
    public void What_comes_up_is_handed_on_by_its_device(uint device, int length, string expected)
    {
        var recorder = new Recorder();
        var frame = new PacketBuffer(new byte[PacketBuffer.MinimumHeadroom + length], PacketBuffer.MinimumHeadroom, length);
        PuntInput.HandOn(_memory, device, ref frame, PacketOffload.None, recorder);
        Assert.That(recorder.Calls, Is.EqualTo([expected]));
    }

    private sealed class Recorder : IPacketInput
    {
        public List<string> Calls { get; } = [];

        public void FromVif(uint vif, ref PacketBuffer frame, in PacketOffload offload) => Calls.Add($"vif {vif} {frame.Length}");

        public void FromUplink(ref PacketBuffer packet, in PacketOffload offload) => Calls.Add($"uplink {packet.Length}");

        public void Dropped(uint? vif, DropReason reason) => Calls.Add($"drop {reason}");
    }
}
