using Fabric.Config;
using Fabric.Model.Config;

namespace Fabric.Controller.Streaming;

/// <summary>
/// Why the edits of a request were not taken, each by itself: if each row had the faults of all, a request that is wrong throughout would drive what was
/// audited before it out of the journal.
/// </summary>
internal sealed class AuditRefusals(ApplyResult refused)
{
    /// <summary>So many edits of a refused request are audited, the first ones.</summary>
    public const int MaxEdits = 1000;

    private const int MaxFaults = 10;

    private readonly ILookup<string, ConfigError> _faults = refused.Errors.ToLookup(error => EditPath(error.Path));

    private readonly string _first = refused.Errors is [var first, ..] ? Words(first) : refused.Outcome.ToString();

    /// <summary>The edit's own faults; where it has none, one of those that it was refused with.</summary>
    public string Of(ConfigEdit edit)
    {
        var own = _faults[edit.Path].Take(MaxFaults).Select(Words).DefaultIfEmpty(_first);
        return string.Join("; ", own);
    }

    private static string Words(ConfigError error) => $"{error.Path}: {error.Message}";

    // "$[3].name" is in the edit "$[3]", "$.name" in the only one of its request, "$".
    private static string EditPath(string path) => path.StartsWith("$[", StringComparison.Ordinal) ? path[..(path.IndexOf(']') + 1)] : "$";
}
