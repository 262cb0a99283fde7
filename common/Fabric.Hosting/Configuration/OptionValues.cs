using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Fabric.Hosting.Logging;

namespace Fabric.Hosting.Configuration;

/// <summary>Parsers of the values that options files of all programs share.</summary>
public static class OptionValues
{
    // sun_path is 108 octets with its zero; the longest socket name, "/dp-api.sock", takes twelve.
    private const int MaxRunDirectoryBytes = 95;

    public const string NodeNameExpected = "a node name: 1 to 63 letters, digits, '-', '_' or '.', a letter first";

    public const string RunDirectoryExpected = "an absolute path of at most 95 octets";

    public const string AbsolutePathExpected = "an absolute path";

    public const string EndPointExpected = "ADDRESS:PORT";

    public const string PortExpected = "a port from 1 to 65535";

    public const string SecondsExpected = "a number of seconds above 0";

    public const string HostNameExpected = "a DNS name without port; *.example.net for all names below it, * for any";

    public const string ConnectionsExpected = "connections from 1 to 65535";

    public static bool NodeName(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 63
            && char.IsAsciiLetter(text[0])
            && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
    }

    public static bool RunDirectory(string text, out string value)
    {
        value = text;
        return Path.IsPathFullyQualified(text) && Encoding.UTF8.GetByteCount(text) <= MaxRunDirectoryBytes;
    }

    public static bool AbsolutePath(string text, out string value)
    {
        value = text;
        return Path.IsPathFullyQualified(text);
    }

    public static bool EndPoint(string text, [NotNullWhen(true)] out IPEndPoint? value)
    {
        value = null;
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out value) && value.Port > 0;
    }

    public static bool Text(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }

    public static bool Port(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is > 0 and <= ushort.MaxValue;

    public static bool HostName(string text, out string value)
    {
        value = text;
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return text == "*" || (!name.StartsWith('*') && Uri.CheckHostName(name) == UriHostNameType.Dns);
    }

    public static bool Connections(string text, out int value) => Port(text, out value);

    public static bool LogFormat(string text, out LogFormat value)
    {
        value = text == "json" ? Logging.LogFormat.Json : Logging.LogFormat.Text;
        return text is "json" or "text";
    }

    public static bool Seconds(string text, out TimeSpan value)
    {
        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
        value = isNumber && seconds <= int.MaxValue ? TimeSpan.FromSeconds(seconds) : default;
        return isNumber && value > TimeSpan.Zero;
    }
}
