using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>
/// What stands before a whole frame on the punt device: struct punt_frame of bpf/layout.h, in the place of an Ethernet header.
/// <code>
///  0      1       2         6                  12    14
/// +------+-------+---------+------------------+-----+-----------
/// |  02  | cause |  device | 02 00 00 00 00 00| 88B5| frame ...
/// +------+-------+---------+------------------+-----+-----------
/// </code>
/// </summary>
/// <param name="Device">Interface index that it came in by.</param>
/// <param name="Cause">Why it comes up.</param>
public readonly record struct PuntFrame(uint Device, PuntCause Cause)
{
    public const int Size = EthernetHeader.Size;

    /// <summary>Local experimental EtherType 1 (IEEE 802).</summary>
    public const ushort Type = 0x88B5;

    private const byte LocalAddress = 0x02;

    /// <summary>False for frames that no program sent, such as the host's own.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PuntFrame punt)
    {
        var isOurs =
            bytes.Length >= Size
            && bytes[0] == LocalAddress
            && bytes[1] <= (byte)PuntCause.Exception
            && BinaryPrimitives.ReadUInt16BigEndian(bytes[12..]) == Type;
        punt = isOurs ? new PuntFrame(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]), (PuntCause)bytes[1]) : default;
        return isOurs;
    }
}
