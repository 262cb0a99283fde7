using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>The answer to apply and diff: one line an object that changes, with its changed members, then the revision.</summary>
internal static class ApplyReport
{
    public static string Of(JsonElement answer, bool isDryRun)
    {
        var text = new StringBuilder();
        foreach (var change in answer.Items("changes"))
        {
            text.Append($"{change.Text("kind")} {change.Text("name")} {Done(change.Text("action"), isDryRun)}\n");
            if (change.At("before") is { } before && change.At("after") is { } after)
            {
                AppendMembers(text, before, after);
            }
        }

        return text.Length == 0 ? $"nothing to change at revision {answer.Text("revision")}"
            : isDryRun ? text.Append("nothing was changed: apply does").ToString()
            : text.Append($"revision {answer.Text("revision")}").ToString();
    }

    private static string Done(string? action, bool isDryRun) =>
        (action, isDryRun) switch
        {
            ("create", false) => "created",
            ("update", false) => "updated",
            ("delete", false) => "deleted",
            _ => $"would be {action}d",
        };

    private static void AppendMembers(StringBuilder text, JsonElement before, JsonElement after)
    {
        var names = before.EnumerateObject().Concat(after.EnumerateObject()).Select(member => member.Name).Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var (was, becomes) = (Raw(before, name), Raw(after, name));
            if (was != becomes)
            {
                text.Append($"  {name}: {was} -> {becomes}\n");
            }
        }
    }

    private static string Raw(JsonElement element, string name) => element.At(name)?.GetRawText() ?? "none";
}
