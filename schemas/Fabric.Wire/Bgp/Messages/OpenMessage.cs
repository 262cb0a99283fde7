using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// OPEN (RFC 4271 section 4.2):
/// <code>
/// | version (1) | my AS (2) | hold time in seconds (2) | BGP identifier (4) | parameters' length (1) | parameters |
/// parameter:  | type (1) | length (1) | value |
/// </code>
/// Type 2 holds capabilities (RFC 5492). A first type of 255 means two-octet lengths, whatever the length in front of it (RFC 9072):
/// <code>
/// ... | 255 (1) | 255 (1) | parameters' length (2) | { type (1) | length (2) | value } ... |
/// </code>
/// </summary>
public sealed record OpenMessage(
    byte Version,
    ushort TwoOctetAs,
    ushort HoldSeconds,
    BgpIdentifier Identifier,
    EquatableArray<Capability> Capabilities
)
{
    public const byte CurrentVersion = 4;

    private const int FixedBytes = 10;
    private const byte CapabilitiesParameter = 2;
    private const byte ExtendedLength = 255;

    /// <summary>An OPEN of this speaker; the four-octet AS capability is added, and AS_TRANS stands in for a long number (RFC 6793).</summary>
    public static OpenMessage Create(
        AsNumber asNumber,
        ushort holdSeconds,
        BgpIdentifier identifier,
        IEnumerable<Capability> capabilities
    ) =>
        new(
            CurrentVersion,
            asNumber.FitsTwoOctets ? (ushort)asNumber.Value : AsNumber.Trans,
            holdSeconds,
            identifier,
            [.. capabilities, new FourOctetAsCapability(asNumber)]
        );

    /// <summary>The speaker's number: of the capability if there, else of the fixed field.</summary>
    public AsNumber AsNumber => Find<FourOctetAsCapability>()?.AsNumber ?? new AsNumber(TwoOctetAs);

    /// <summary>The capability; its last instance where there are several (RFC 4724 section 3, RFC 9494 section 3.1).</summary>
    public T? Find<T>()
        where T : Capability
    {
        T? last = null;
        foreach (var capability in Capabilities)
        {
            last = capability as T ?? last;
        }

        return last;
    }

    /// <summary>Reads the body, of which framing has made sure that it has ten bytes; on false <paramref name="error"/> is what the peer is told.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out OpenMessage? message,
        [NotNullWhen(false)] out NotificationMessage? error
    )
    {
        message = null;
        error = null;
        if (body[0] != CurrentVersion)
        {
            // The rest of another version has another form; the data is the version that would do (RFC 4271 section 6.2).
            error = NotificationMessage.OpenError(OpenErrorSubcode.UnsupportedVersionNumber, [0, CurrentVersion]);
            return false;
        }

        var capabilities = new List<Capability>();
        error = ReadParameters(body[(FixedBytes - 1)..], capabilities);
        if (error is not null)
        {
            return false;
        }

        message = new OpenMessage(
            body[0],
            BinaryPrimitives.ReadUInt16BigEndian(body[1..]),
            BinaryPrimitives.ReadUInt16BigEndian(body[3..]),
            new BgpIdentifier(BinaryPrimitives.ReadUInt32BigEndian(body[5..])),
            [.. capabilities]
        );
        return true;
    }

    private static NotificationMessage? ReadParameters(ReadOnlySpan<byte> bytes, List<Capability> capabilities)
    {
        // Without a length there is no first type either.
        var extended = bytes.Length > 1 && bytes[0] != 0 && bytes[1] == ExtendedLength;
        var fixedBytes = extended ? 4 : 1;
        if (bytes.Length < fixedBytes)
        {
            return NotificationMessage.OpenError(OpenErrorSubcode.Unspecific);
        }

        var declared = extended ? BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) : bytes[0];
        var rest = bytes[fixedBytes..];
        if (declared != rest.Length)
        {
            return NotificationMessage.OpenError(OpenErrorSubcode.Unspecific);
        }

        var headBytes = extended ? 3 : 2;
        while (!rest.IsEmpty)
        {
            if (rest.Length < headBytes)
            {
                return NotificationMessage.OpenError(OpenErrorSubcode.Unspecific);
            }

            var type = rest[0];
            var length = extended ? BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) : rest[1];
            rest = rest[headBytes..];
            if (length > rest.Length)
            {
                return NotificationMessage.OpenError(OpenErrorSubcode.Unspecific);
            }

            if (type != CapabilitiesParameter)
            {
                return NotificationMessage.OpenError(OpenErrorSubcode.UnsupportedOptionalParameter);
            }

            if (!ReadCapabilities(rest[..length], capabilities))
            {
                return NotificationMessage.OpenError(OpenErrorSubcode.Unspecific);
            }

            rest = rest[length..];
        }

        return null;
    }

    private static bool ReadCapabilities(ReadOnlySpan<byte> bytes, List<Capability> capabilities)
    {
        while (bytes.Length >= 2)
        {
            var length = bytes[1];
            if (length > bytes.Length - 2)
            {
                return false;
            }

            capabilities.Add(Capability.Decode(bytes[0], bytes.Slice(2, length)));
            bytes = bytes[(2 + length)..];
        }

        return bytes.IsEmpty;
    }

    /// <summary>Writes the whole message and returns its length. All capabilities go into one parameter, as RFC 5492 section 4 asks.</summary>
    public int Encode(Span<byte> destination)
    {
        var capabilityBytes = Capabilities.Sum(c => 2 + c.ValueBytes);
        var extended = capabilityBytes + 2 > byte.MaxValue;
        var writer = new WireWriter(destination[MessageFrame.HeaderBytes..]);
        writer.Byte(Version);
        writer.UInt16(TwoOctetAs);
        writer.UInt16(HoldSeconds);
        writer.UInt32(Identifier.Value);
        WriteParameterHead(ref writer, capabilityBytes, extended);
        foreach (var capability in Capabilities)
        {
            writer.Byte(capability.Code);
            writer.Byte((byte)capability.ValueBytes);
            capability.WriteValue(writer.Reserve(capability.ValueBytes));
        }

        var total = MessageFrame.HeaderBytes + writer.Position;
        MessageFrame.WriteHeader(destination, MessageType.Open, total);
        return total;
    }

    private static void WriteParameterHead(ref WireWriter writer, int capabilityBytes, bool extended)
    {
        if (capabilityBytes == 0)
        {
            writer.Byte(0);
        }
        else if (extended)
        {
            writer.Byte(ExtendedLength);
            writer.Byte(ExtendedLength);
            writer.UInt16((ushort)(capabilityBytes + 3));
            writer.Byte(CapabilitiesParameter);
            writer.UInt16((ushort)capabilityBytes);
        }
        else
        {
            writer.Byte((byte)(capabilityBytes + 2));
            writer.Byte(CapabilitiesParameter);
            writer.Byte((byte)capabilityBytes);
        }
    }
}
