using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>Kinds of AS_PATH segments (RFC 4271 section 4.3, RFC 5065).</summary>
public enum AsPathSegmentType : byte
{
    Set = 1,
    Sequence = 2,
    ConfederationSequence = 3,
    ConfederationSet = 4,
}

public sealed record AsPathSegment(AsPathSegmentType Type, EquatableArray<AsNumber> Numbers)
{
    public bool IsConfederation => Type is AsPathSegmentType.ConfederationSequence or AsPathSegmentType.ConfederationSet;

    /// <summary>What stands around the numbers in text, and between them; nothing around a sequence.</summary>
    public (char? Begin, char Separator, char? End) Marks =>
        Type switch
        {
            AsPathSegmentType.Sequence => (null, ' ', null),
            AsPathSegmentType.ConfederationSequence => ('(', ' ', ')'),
            AsPathSegmentType.ConfederationSet => ('[', ',', ']'),
            _ => ('{', ',', '}'),
        };

    /// <summary>Such as "1 2", of a set "{1,2}", of a confederation "(1 2)" and "[1,2]".</summary>
    public override string ToString() => Marks.Begin + string.Join(Marks.Separator, Numbers) + Marks.End;
}

/// <summary>An AS_PATH with four-octet numbers (RFC 6793).</summary>
public sealed record AsPath(EquatableArray<AsPathSegment> Segments)
{
    public static AsPath Empty { get; } = new([]);

    /// <summary>Length for the decision process: a set counts one, confederation segments nothing (RFC 4271 section 9.1.2.2, RFC 5065 section 5.3).</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var segment in Segments)
            {
                length += segment.Type switch
                {
                    AsPathSegmentType.Sequence => segment.Numbers.Count,
                    AsPathSegmentType.Set => 1,
                    _ => 0,
                };
            }

            return length;
        }
    }

    /// <summary>
    /// The neighbouring AS from which the path came, for the comparison of MEDs; none for a path of the own AS: a local one, one of a confederation
    /// alone, or one that begins with a set (RFC 4271 section 9.1.2.2 c, RFC 5065 section 5.3).
    /// </summary>
    public AsNumber? NeighborAs
    {
        get
        {
            foreach (var segment in Segments)
            {
                if (!segment.IsConfederation)
                {
                    return segment is { Type: AsPathSegmentType.Sequence, Numbers.Count: > 0 } ? segment.Numbers[0] : null;
                }
            }

            return null;
        }
    }

    public bool Contains(AsNumber asNumber)
    {
        foreach (var segment in Segments)
        {
            foreach (var number in segment.Numbers)
            {
                if (number == asNumber)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether a segment is one of a confederation (RFC 5065), which only its members may see.</summary>
    public bool HasConfederation
    {
        get
        {
            foreach (var segment in Segments)
            {
                if (segment.IsConfederation)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public AsPath WithoutConfederation() => HasConfederation ? new AsPath([.. Segments.Where(s => !s.IsConfederation)]) : this;

    public AsPath Prepend(AsNumber asNumber) =>
        Segments.Count > 0 && Segments[0] is { Type: AsPathSegmentType.Sequence, Numbers.Count: < 255 } first
            ? new AsPath([first with { Numbers = [asNumber, .. first.Numbers] }, .. Segments.Skip(1)])
            : new AsPath([new AsPathSegment(AsPathSegmentType.Sequence, [asNumber]), .. Segments]);

    public override string ToString() => string.Join(' ', Segments);
}
