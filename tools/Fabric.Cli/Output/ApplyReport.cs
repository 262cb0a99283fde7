using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>The answer to apply: one line an object, then the revision.</summary>
internal static class ApplyReport
{
    public static string Of(JsonElement answer)
    {
        var text = new StringBuilder();
        foreach (var change in answer.Items("changes"))
        {
            text.Append($"{change.Text("kind")} {change.Text("name")} {change.Text("action") ?? "unchanged"}\n");
        }

        return text.Append($"revision {answer.Text("revision")}").ToString();
    }
}
