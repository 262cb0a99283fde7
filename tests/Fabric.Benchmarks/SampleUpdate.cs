using System.Buffers;
using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>The body of an UPDATE with <see cref="SampleRoutes"/>, whose MED can be changed in place.</summary>
internal sealed class SampleUpdate
{
    private const byte MultiExitDiscType = 4;
    private const byte ExtendedCommunitiesType = 16;
    private const int ExtendedCommunityBytes = 8;

    private readonly byte[] _body;
    private readonly int _med;
    private uint _next;

    private SampleUpdate(byte[] body)
    {
        _body = body;

        // Flags (optional), type, length, value (RFC 4271 section 5.1.4).
        _med = body.AsSpan().IndexOf<byte>([0x80, MultiExitDiscType, sizeof(uint)]) + 3;
    }

    public ReadOnlySpan<byte> Body => _body;

    public static SampleUpdate Canonical()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoding = new UpdateEncoding(fourOctetAs: true, extendedMessages: false);
        UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, SampleRoutes.Attributes, SampleRoutes.Routes, encoding, output);
        return new SampleUpdate(output.WrittenSpan[MessageFrame.HeaderBytes..].ToArray());
    }

    /// <summary>The same with its two extended communities in descending order: valid, but not the form that a table keeps.</summary>
    public static SampleUpdate Unordered()
    {
        var update = Canonical();
        var body = update._body.AsSpan();
        var first = body.IndexOf<byte>([0xC0, ExtendedCommunitiesType, 2 * ExtendedCommunityBytes]) + 3;
        var pair = body.Slice(first, 2 * ExtendedCommunityBytes);
        byte[] swapped = [.. pair[ExtendedCommunityBytes..], .. pair[..ExtendedCommunityBytes]];
        swapped.CopyTo(pair);
        return update;
    }

    public void ChangeMed() => BinaryPrimitives.WriteUInt32BigEndian(_body.AsSpan(_med), ++_next);
}
