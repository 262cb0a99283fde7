using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Datapath.Shared;

[Flags]
public enum VifFlags : byte
{
    None = 0,

    /// <summary>The slot holds a virtual interface.</summary>
    Present = 1,

    /// <summary>A veth whose other end is in another network namespace: packets can go there without a queue between.</summary>
    Peer = 2,
}

/// <summary>A virtual interface as the programs need it: 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct VifSlot
{
    private const int FlagsShift = 48;

    [FieldOffset(0)]
    private ulong changedAt;

    /// <summary>Key of its flows.</summary>
    [FieldOffset(8)]
    public uint NextHop;

    /// <summary>Interface index; 0 while it is not attached.</summary>
    [FieldOffset(12)]
    public uint Device;

    [FieldOffset(16)]
    private ulong macAndFlags;

    /// <summary>Misses of the interface, and from the underlay to it, that may come up in a second; 0 is no limit.</summary>
    [FieldOffset(24)]
    public uint MissRate;

    /// <summary>Flow slots that count against its limit; written under the lock of the <see cref="FlowTableSlot"/>.</summary>
    [FieldOffset(28)]
    public uint Flows;

    /// <summary>Lengths of the blocks that its stateless entries have; see <see cref="StatelessLengths"/>.</summary>
    [FieldOffset(48)]
    public uint StatelessLengths;

    /// <summary>The change that last touched the interface, its VRF or its access lists.</summary>
    public long ChangedAt
    {
        readonly get => (long)changedAt;
        set => Volatile.Write(ref changedAt, (ulong)value);
    }

    public readonly MacAddress Mac => new(BinaryPrimitives.ReverseEndianness(macAndFlags) >> 16);

    public VifFlags Flags
    {
        readonly get => (VifFlags)(byte)(macAndFlags >> FlagsShift);
        set => SetMac(Mac, value);
    }

    internal void SetMac(MacAddress mac, VifFlags flags) =>
        macAndFlags = BinaryPrimitives.ReverseEndianness(mac.Value << 16) | (ulong)flags << FlagsShift;
}
