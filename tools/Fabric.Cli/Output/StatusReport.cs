using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Output;

/// <summary>All programs of a machine: what runs, with whom, and what is not well.</summary>
internal static class StatusReport
{
    public static string ForPeople(IReadOnlyList<ProgramStatus> programs)
    {
        var text = new StringBuilder();
        var roles = new TextTable("NODE", "PROGRAM", "STATE", "SUMMARY");
        var sessions = new TextTable("NODE", "SESSION", "WITH", "STATE", "UP", "DETAILS");
        foreach (var program in programs)
        {
            roles.Row(program.Node, program.Role.Program(), program.Verdict, program.Summary);
            foreach (var session in program.Sessions)
            {
                sessions.Row(program.Node, session.Kind, session.With, session.State, session.Up, session.Details);
            }
        }

        text.Append(roles);
        if (sessions.Count > 0)
        {
            text.Append('\n').Append(sessions);
        }

        AppendProblems(text, programs);
        return text.ToString();
    }

    /// <summary>{"well", "programs": [{"node", "program", "state", "problems": [{"subject", "reason", "hint"}], "status"}]}</summary>
    public static JsonElement ForPrograms(IReadOnlyList<ProgramStatus> programs)
    {
        var array = new JsonArray();
        foreach (var program in programs)
        {
            array.Add(
                new JsonObject
                {
                    ["node"] = program.Node,
                    ["program"] = program.Role.Program(),
                    ["state"] = program.Verdict,
                    ["problems"] = new JsonArray([.. program.Problems.Select(Problem)]),
                    ["status"] = program.Document is { } document ? JsonObject.Create(document) : null,
                }
            );
        }

        return JsonSerializer.SerializeToElement(new JsonObject { ["well"] = IsWell(programs), ["programs"] = array });
    }

    public static bool IsWell(IReadOnlyList<ProgramStatus> programs) => programs.All(program => program.Problems.Count == 0);

    private static JsonObject Problem(Problem problem) =>
        new()
        {
            ["subject"] = problem.Subject,
            ["reason"] = problem.Reason,
            ["hint"] = problem.Hint,
        };

    private static void AppendProblems(StringBuilder text, IReadOnlyList<ProgramStatus> programs)
    {
        text.Append(IsWell(programs) ? "\nall well\n" : "\nnot well:\n");
        foreach (var program in programs)
        {
            foreach (var problem in program.Problems)
            {
                text.Append(
                    program.Document is null
                        ? $"  {problem.Reason}\n"
                        : $"  {program.Node} {program.Role.Program()}: {problem.Subject}: {problem.Reason}\n"
                );
                if (problem.Hint is { } hint)
                {
                    text.Append("    hint: ").Append(hint).Append('\n');
                }
            }
        }
    }
}
