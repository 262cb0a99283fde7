using System.Text.Json;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Output;

/// <summary>How one program is: its document, and what people should see of it.</summary>
internal sealed record ProgramStatus(
    string Node,
    NodeRole Role,
    JsonElement? Document,
    string Summary,
    IReadOnlyList<SessionLine> Sessions,
    IReadOnlyList<Problem> Problems
)
{
    public string Verdict =>
        Document is null ? "down"
        : Problems.Count > 0 ? "not well"
        : "well";

    public static ProgramStatus Of(string node, NodeRole role, JsonElement document, DateTimeOffset now) =>
        role switch
        {
            NodeRole.Control => ControlStatus.Of(node, document),
            NodeRole.Agent => AgentStatus.Of(node, document, now),
            _ => DatapathStatus.Of(node, document),
        };

    public static ProgramStatus Down(string node, NodeRole role, CliException cause) =>
        new(node, role, Document: null, "-", [], [new Problem(role.Program(), cause.Message, cause.Hint)]);
}
