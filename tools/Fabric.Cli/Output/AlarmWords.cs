using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A row of fabric.alarms in words, with the operator's next step while it stands.</summary>
internal static class AlarmWords
{
    public static string Of(JsonElement row)
    {
        var state = row.Text("state");
        var next = state == "RAISED" && row.Text("nextStep") is { } step ? $"; next: {step}" : "";
        return $"{state?.ToLowerInvariant()} {row.Text("severity")?.ToLowerInvariant()} {row.Text("name")} {row.Text("subject")}: {row.Text("text")}{next}";
    }
}
