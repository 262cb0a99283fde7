using System.Buffers.Binary;
using Fabric.Wire.Bgp;

namespace Fabric.Fuzz.Targets;

internal static class BgpMessages
{
    /// <summary>Makes one message of the input, mostly: the marker and the length right, so that its body is read.</summary>
    public static byte[] Mend(byte[] input, Random random)
    {
        if (input.Length is >= MessageFrame.HeaderBytes and <= MessageFrame.MaxBytes && random.Next(4) > 0)
        {
            input.AsSpan(0, 16).Fill(0xFF);
            BinaryPrimitives.WriteUInt16BigEndian(input.AsSpan(16), (ushort)input.Length);
        }

        return input;
    }
}
