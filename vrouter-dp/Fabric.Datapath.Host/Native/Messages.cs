using System.Runtime.InteropServices;

namespace Fabric.Datapath.Host.Native;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public void* Base;
    public nuint Length;
}

/// <summary>struct msghdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary>struct mmsghdr: a message of recvmmsg with the length that arrived.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageSlot
{
    public MessageHeader Header;
    public uint Length;
}

/// <summary>struct cmsghdr with the segment size of UDP_SEGMENT (udp(7)), padded.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SegmentSizeMessage
{
    public const int UsedLength = 18;

    public nuint Length;
    public int Level;
    public int Type;
    public ushort SegmentSize;
    public ushort Padding1;
    public uint Padding2;
}

/// <summary>struct sockaddr_in. Port and address are in network order; a raw socket has no port.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InternetAddress
{
    public ushort Family;
    public ushort Port;
    public uint Address;
    public ulong Zero;
}
