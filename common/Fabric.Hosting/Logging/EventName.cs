using System.Text.Json;

namespace Fabric.Hosting.Logging;

/// <summary>Names of events and of their values, as logs and documents have them.</summary>
public static class EventName
{
    private const string Prefix = "Log";

    /// <summary>The name of the method that logs, without "Log", or of a value, in small letters: LogNotEstablished is not-established.</summary>
    public static string Of(string name) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(
            name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length ? name[Prefix.Length..] : name
        );
}
