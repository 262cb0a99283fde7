using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>
/// What stands before a whole frame on the punt device: struct punt_frame of bpf/layout.h, in the place of an Ethernet header.
/// <code>
///  0      1       2         6                  12    14
/// +------+-------+---------+------------------+-----+-----------
/// |  02  | cause |  device | 02 F  a  b  r  i |type | frame ...
/// +------+-------+---------+------------------+-----+-----------
/// </code>
/// It has the type of the frame that follows, so that the kernel can cut large packets behind both headers.
/// </summary>
/// <param name="Device">Interface index that it came in by.</param>
/// <param name="Cause">Why it comes up.</param>
public readonly record struct PuntFrame(uint Device, PuntCause Cause)
{
    public const int Size = EthernetHeader.Size;

    private const byte LocalAddress = 0x02;

    private static ReadOnlySpan<byte> Source => [LocalAddress, (byte)'F', (byte)'a', (byte)'b', (byte)'r', (byte)'i'];

    /// <summary>False for frames that no program sent, such as the host's own.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PuntFrame punt)
    {
        var isOurs =
            bytes.Length >= Size && bytes[0] == LocalAddress && bytes[1] <= (byte)PuntCause.Exception && bytes[6..12].SequenceEqual(Source);
        punt = isOurs ? new PuntFrame(BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]), (PuntCause)bytes[1]) : default;
        return isOurs;
    }
}
