namespace Fabric.Hosting.Logging;

/// <summary>What a line of the log looks like.</summary>
public enum LogFormat
{
    /// <summary>For people: time, level, category, event id and message.</summary>
    Text,

    /// <summary>For programs: one JSON object, see <see cref="JsonLogFormatter"/>.</summary>
    Json,
}
