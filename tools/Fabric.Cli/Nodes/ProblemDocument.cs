using System.Text;
using System.Text.Json;
using Fabric.Cli.Output;

namespace Fabric.Cli.Nodes;

/// <summary>
/// A refusal as the programs write it: problem details (RFC 9457) with all errors and the next step of each, or a lone "error".
/// </summary>
internal static class ProblemDocument
{
    public static CliException ToException(int status, string text)
    {
        JsonElement problem;
        try
        {
            problem = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return new CliException($"refused with status {status}: {text}");
        }

        var title = problem.Text("title") ?? problem.Text("error") ?? $"refused with status {status}";
        List<JsonElement> errors = [.. problem.Items("errors")];
        return errors switch
        {
            [] => new CliException(problem.Text("detail") is { } detail ? $"{title}: {detail}" : title),
            [var error] => new CliException($"{title}: {Describe(error)}", error.Text("next-step")),
            _ => new CliException($"{title}: {problem.Text("detail")}{List(errors)}"),
        };
    }

    private static string List(List<JsonElement> errors)
    {
        var text = new StringBuilder();
        foreach (var error in errors)
        {
            text.Append("\n  ").Append(Describe(error));
            if (error.Text("next-step") is { } nextStep)
            {
                text.Append("\n    hint: ").Append(nextStep);
            }
        }

        return text.ToString();
    }

    // "$" is the whole body, which says nothing.
    private static string? Describe(JsonElement error) =>
        error.Text("path") is { } path and not "$" ? $"{path}: {error.Text("message")}" : error.Text("message");
}
