using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// AS_PATH and AS4_PATH (RFC 4271 section 4.3, RFC 6793):
/// <code>
/// { | segment type (1) | count (1) | numbers (2 or 4 each) | } ...
/// </code>
/// </summary>
internal static class AsPathCodec
{
    /// <summary>False for what RFC 7606 section 7.2 and RFC 7607 (AS 0) call malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> value, bool fourOctets, out AsPath path)
    {
        path = AsPath.Empty;
        var width = fourOctets ? 4 : 2;
        var segments = new List<AsPathSegment>(1);
        while (!value.IsEmpty)
        {
            if (value.Length < 2 || value[0] is < 1 or > 4 || value[1] == 0 || value.Length - 2 < value[1] * width)
            {
                return false;
            }

            var numbers = new AsNumber[value[1]];
            for (var i = 0; i < numbers.Length; i++)
            {
                var field = value[(2 + i * width)..];
                numbers[i] = new(fourOctets ? BinaryPrimitives.ReadUInt32BigEndian(field) : BinaryPrimitives.ReadUInt16BigEndian(field));
                if (numbers[i].Value == 0)
                {
                    return false;
                }
            }

            segments.Add(new((AsPathSegmentType)value[0], [.. numbers]));
            value = value[(2 + numbers.Length * width)..];
        }

        path = new AsPath([.. segments]);
        return true;
    }

    /// <summary>
    /// Puts the numbers that old speakers have added in front of the four-octet path, with segments of a confederation that lead or stand beside
    /// them (RFC 6793 section 4.2.3).
    /// </summary>
    public static AsPath Merge(AsPath path, AsPath as4Path)
    {
        var leading = path.Length - as4Path.Length;
        if (leading < 0)
        {
            return path;
        }

        var segments = new List<AsPathSegment>();
        foreach (var segment in path.Segments)
        {
            if (leading <= 0 && !segment.IsConfederation)
            {
                break;
            }

            var taken = segment.Type == AsPathSegmentType.Sequence ? Math.Min(leading, segment.Numbers.Count) : segment.Numbers.Count;
            segments.Add(segment with { Numbers = [.. segment.Numbers.Take(taken)] });
            leading -= segment.Type switch
            {
                AsPathSegmentType.Sequence => taken,
                AsPathSegmentType.Set => 1,
                _ => 0,
            };
        }

        return new AsPath([.. segments, .. as4Path.Segments]);
    }

    public static bool FitsTwoOctets(AsPath path) => path.Segments.All(s => s.Numbers.All(n => n.FitsTwoOctets));

    public static int ByteCount(AsPath path, bool fourOctets) => path.Segments.Sum(s => 2 + s.Numbers.Count * (fourOctets ? 4 : 2));

    /// <summary>Writes the segments; in two octets AS_TRANS stands for a long number.</summary>
    public static void Write(ref WireWriter writer, AsPath path, bool fourOctets)
    {
        foreach (var segment in path.Segments)
        {
            writer.Byte((byte)segment.Type);
            writer.Byte((byte)segment.Numbers.Count);
            foreach (var number in segment.Numbers)
            {
                if (fourOctets)
                {
                    writer.UInt32(number.Value);
                }
                else
                {
                    writer.UInt16(number.FitsTwoOctets ? (ushort)number.Value : AsNumber.Trans);
                }
            }
        }
    }
}
