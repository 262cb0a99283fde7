using System.Globalization;
using System.Net;
using System.Text;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>Parsers of the values of BGP, each with the words for what it takes.</summary>
internal static class BgpOptionValues
{
    public const int MaxRestartSeconds = 4095;

    public const string NameExpected = "a name: 1 to 63 letters, digits, '.', '-' or '_', with a letter or digit at both ends";
    public const string AsExpected = "an AS number from 1 to 4294967294 except 23456 (RFC 6793)";
    public const string IdentifierExpected = "an IPv4 address that is not 0.0.0.0";
    public const string Ipv6NextHopExpected = "an IPv6 address of this machine";
    public const string AddressExpected = "an IP address of the neighbour";
    public const string PrefixExpected = "a prefix such as 192.0.2.128/25, with zeros behind its length";
    public const string FamilyExpected = "one of ipv4, ipv6, ipv4-labelled, ipv6-labelled, vpnv4, vpnv6, evpn, rtc";
    public const string FlagExpected = "true or false";
    public const string HoldTimeExpected = "0 (no keepalives) or seconds from 3 to 65535 (RFC 4271 section 4.2)";
    public const string ConnectRetryExpected = "seconds from 1 to 65535";
    public const string RestartTimeExpected = "seconds from 0 to 4095 (RFC 4724 section 3)";
    public const string MessageExpected = "1 to 255 octets of text (RFC 9003)";
    public const string TextExpected = "a text";
    public const string LimitExpected = "a number of neighbours from 1 to 65535";

    public static bool Name(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 63
            && char.IsAsciiLetterOrDigit(text[0])
            && char.IsAsciiLetterOrDigit(text[^1])
            && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
    }

    public static bool As(string text, out AsNumber value)
    {
        var isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        value = new AsNumber(number);
        return isNumber && number is > 0 and < uint.MaxValue and not AsNumber.Trans;
    }

    public static bool Identifier(string text, out BgpIdentifier value)
    {
        var isAddress = IpAddress.TryParse(text, out var address) && address.IsIpv4;
        value = isAddress ? new BgpIdentifier(address.Ipv4) : default;
        return value != default;
    }

    public static bool LocalAddress(string text, out IPAddress value)
    {
        var isAddress = IpAddress.TryParse(text, out var address);
        value = isAddress ? address.ToIPAddress() : IPAddress.None;
        return isAddress && address.IsOfOneHost;
    }

    public static bool Ipv6NextHop(string text, out IpAddress? value)
    {
        var isAddress = IpAddress.TryParse(text, out var address) && address.Kind == AddressKind.Ipv6;
        value = isAddress ? address : null;
        return isAddress && address.IsOfOneHost;
    }

    public static bool NeighborAddress(string text, out IpAddress value) => IpAddress.TryParse(text, out value) && value.IsOfOneHost;

    public static bool Prefix(string text, out IpPrefix? value)
    {
        var isPrefix = IpPrefix.TryParse(text, out var prefix);
        value = isPrefix ? prefix : null;
        return isPrefix;
    }

    public static bool Port(string text, out ushort value) => Number(text, 1, ushort.MaxValue, out value);

    public static bool Flag(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }

    public static bool OptionalFlag(string text, out bool? value)
    {
        var isFlag = Flag(text, out var flag);
        value = isFlag ? flag : null;
        return isFlag;
    }

    public static bool HoldTime(string text, out ushort value) => Number(text, 0, ushort.MaxValue, out value) && value is not (1 or 2);

    public static bool AboveZero(string text, out ushort value) => Number(text, 1, ushort.MaxValue, out value);

    public static bool RestartTime(string text, out ushort value) => Number(text, 0, MaxRestartSeconds, out value);

    public static bool Message(string text, out string? value)
    {
        value = text;
        return Encoding.UTF8.GetByteCount(text) is > 0 and <= byte.MaxValue;
    }

    public static bool Text(string text, out string? value)
    {
        value = text;
        return text.Length > 0;
    }

    private static bool Number(string text, ushort lowest, ushort highest, out ushort value) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= lowest && value <= highest;
}
