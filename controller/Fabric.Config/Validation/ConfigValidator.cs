using Fabric.Model.Config;

namespace Fabric.Config.Validation;

/// <summary>
/// Judges what a request would leave behind, as a whole: nothing depends on the order of edits. Every object is looked at again,
/// since an edit of one can spoil another.
/// </summary>
internal static class ConfigValidator
{
    private const int MaxNameLength = 63;

    public static IReadOnlyList<ConfigError> Validate(ConfigDraft draft)
    {
        var report = new ConfigReport(draft);
        foreach (var value in draft.Objects.Values)
        {
            CheckName(value, report);
        }

        NetworkRules.Check(draft, report);
        SubnetRules.Check(draft, report);
        PortRules.Check(draft, report);
        SecurityGroupRules.Check(draft, report);
        RouterRules.Check(draft, report);
        return report.Errors;
    }

    /// <summary>Names stand in FQNs, URLs and host names: letters, digits, and inside also dot, dash and underscore.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    public const string NameHint = "Use 1 to 63 letters, digits, '.', '-' and '_', with a letter or digit at both ends.";

    private static void CheckName(ConfigObject value, ConfigReport report)
    {
        if (!IsName(value.Name))
        {
            report.Add(value, ".name", $"'{value.Name}' is not a name.", NameHint);
        }

        if (value is ProjectObject { Project: var project } && !IsName(project))
        {
            report.Add(value, ".project", $"'{project}' is not a name.", NameHint);
        }
    }
}
