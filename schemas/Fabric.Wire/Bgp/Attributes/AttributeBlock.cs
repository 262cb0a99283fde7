namespace Fabric.Wire.Bgp;

/// <summary>The path attributes of an UPDATE with MP_REACH_NLRI and MP_UNREACH_NLRI found: what is left is alike for many messages.</summary>
internal ref struct AttributeBlock
{
    private Range _first;
    private Range _second;
    private int _cutBytes;

    /// <summary>The whole block, cut before an attribute that overruns it.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public ReadOnlySpan<byte> ReachValue { get; private set; }

    public ReadOnlySpan<byte> UnreachValue { get; private set; }

    public bool HasReach { get; private set; }

    public bool HasUnreach { get; private set; }

    /// <summary>An attribute was longer than the rest.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>Whether there are attributes beside the two, if only in part.</summary>
    public readonly bool HasOthers => IsOverrun || Bytes.Length > _cutBytes;

    public static AttributeBlock Scan(ReadOnlySpan<byte> bytes, out UpdateFault? fault)
    {
        var block = new AttributeBlock { Bytes = bytes };
        fault = null;
        var reader = new AttributeReader(bytes);
        while (reader.Read())
        {
            if (reader.Type is not (AttributeType.MpReachNlri or AttributeType.MpUnreachNlri))
            {
                continue;
            }

            var isReach = reader.Type == AttributeType.MpReachNlri;
            if (isReach ? block.HasReach : block.HasUnreach)
            {
                // RFC 7606 section 3 (g).
                fault = UpdateFault.Reset((byte)reader.Type, "appears twice", UpdateErrorSubcode.MalformedAttributeList);
                return block;
            }

            if ((reader.Flags & (AttributeFlags.Optional | AttributeFlags.Transitive)) != AttributeFlags.Optional)
            {
                fault = UpdateFault.Worse(fault, UpdateFault.Of(AttributeFault.TreatAsWithdraw, reader.Type, "wrong flags"));
            }

            block.Note(reader, isReach);
        }

        if (reader.IsOverrun)
        {
            // RFC 7606 section 4.
            fault = UpdateFault.Worse(
                fault,
                UpdateFault.Of(AttributeFault.TreatAsWithdraw, reader.Type, "longer than the path attributes")
            );
            block.Bytes = bytes[..reader.End];
            block.IsOverrun = true;
        }

        return block;
    }

    private void Note(scoped in AttributeReader reader, bool isReach)
    {
        var cut = reader.Start..reader.End;
        if (_cutBytes == 0)
        {
            _first = cut;
        }
        else
        {
            _second = cut;
        }

        _cutBytes += reader.End - reader.Start;
        if (isReach)
        {
            ReachValue = reader.Value;
            HasReach = true;
        }
        else
        {
            UnreachValue = reader.Value;
            HasUnreach = true;
        }
    }

    /// <summary>Copies the block without the two attributes and returns the length.</summary>
    public readonly int CopyOthers(scoped Span<byte> destination)
    {
        var second = HasReach && HasUnreach ? _second : Bytes.Length..Bytes.Length;
        var head = Bytes[.._first.Start];
        var middle = Bytes[_first.End..second.Start];
        var tail = Bytes[second.End..];
        head.CopyTo(destination);
        middle.CopyTo(destination[head.Length..]);
        tail.CopyTo(destination[(head.Length + middle.Length)..]);
        return head.Length + middle.Length + tail.Length;
    }
}
