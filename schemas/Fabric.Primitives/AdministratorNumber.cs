using System.Diagnostics.CodeAnalysis;

namespace Fabric.Primitives;

/// <summary>The "administrator:number" text of route distinguishers and route targets, in the three forms of RFC 4364 and RFC 4360.</summary>
internal static class AdministratorNumber
{
    /// <summary>Gives the type (0 two-octet AS, 1 IPv4 address, 2 four-octet AS) and the six bytes behind it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out int type, out ulong bits)
    {
        type = 0;
        bits = 0;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 0 || !uint.TryParse(text.AsSpan(colon + 1), out var number))
        {
            return false;
        }

        var administrator = text![..colon];
        if (IpAddress.TryParse(administrator, out var address) && address.IsIpv4)
        {
            type = 1;
            bits = (ulong)address.Ipv4 << 16 | number;
            return number <= ushort.MaxValue;
        }

        if (!uint.TryParse(administrator, out var asNumber))
        {
            return false;
        }

        type = asNumber <= ushort.MaxValue ? 0 : 2;
        bits = type == 0 ? (ulong)asNumber << 32 | number : (ulong)asNumber << 16 | number;
        return type == 0 || number <= ushort.MaxValue;
    }

    public static string Format(int type, ulong bits) =>
        type switch
        {
            0 => $"{bits >> 32}:{(uint)bits}",
            1 => $"{IpAddress.FromIpv4((uint)(bits >> 16))}:{(ushort)bits}",
            2 => $"{(uint)(bits >> 16)}:{(ushort)bits}",
            _ => $"type{type}:{bits:x12}",
        };

    /// <summary>Writes the same text in ASCII and returns its length.</summary>
    public static int Format(int type, ulong bits, Span<byte> text)
    {
        if (type is < 0 or > 2)
        {
            return AsciiText.Write(text, Format(type, bits));
        }

        var length = type switch
        {
            0 => AsciiText.Write(text, (uint)(bits >> 32)),
            1 => IpAddress.FromIpv4((uint)(bits >> 16)).Format(text),
            _ => AsciiText.Write(text, (uint)(bits >> 16)),
        };
        text[length++] = (byte)':';
        return length + AsciiText.Write(text[length..], type == 0 ? (uint)bits : (ushort)bits);
    }
}
