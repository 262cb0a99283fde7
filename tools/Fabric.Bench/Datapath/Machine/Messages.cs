using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>struct sockaddr_in; port and address are in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InternetAddress(uint address, ushort port)
{
    public const ushort FamilyInternet = 2;

    public ushort Family = FamilyInternet;
    public ushort Port = BinaryPrimitives.ReverseEndianness(port);
    public uint Address = BinaryPrimitives.ReverseEndianness(address);
    public ulong Zero = 0;
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Base;
    public nuint Length;
}

/// <summary>struct mmsghdr of sendmmsg(2): a struct msghdr, which ends at a multiple of eight bytes, and what was sent.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageSlot
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public long Flags;
    public ulong Sent;
}

/// <summary>struct sockaddr_ll, as far as bind(2) of a packet socket reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LinkAddress
{
    public ushort Family;
    public ushort Protocol;
    public int Interface;
    public ushort HardwareType;
    public byte PacketType;
    public byte AddressLength;
    public fixed byte Address[8];
}
