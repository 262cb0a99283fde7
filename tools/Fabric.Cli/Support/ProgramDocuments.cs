using System.Text;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Cli.Support;

/// <summary>What each program serves: its metrics, its tables, and of what those name each one's own.</summary>
internal sealed class ProgramDocuments(BundleArchive archive, BundleLimits limits)
{
    private string Limit => $"limit={limits.Rows}";

    /// <summary>Asks for all of them; after the first silence the others are not waited for.</summary>
    /// <returns>The status document, where it was answered.</returns>
    public async Task<JsonElement> TakeAsync(string folder, NodeClient program, CancellationToken cancellation)
    {
        var documents = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var isSilent = false;
        foreach (var (name, path) in Fixed(program.Role))
        {
            await AskAsync(name, path);
        }

        foreach (var (name, path) in OfEach(program.Role, documents))
        {
            await AskAsync(name, path);
        }

        return documents.GetValueOrDefault("inspect/status.json");

        async Task AskAsync(string name, string path)
        {
            var finding = await archive.AddAsync(
                $"{folder}/{name}",
                async () =>
                {
                    if (isSilent)
                    {
                        return Finding.Missing("not asked for: the program was silent before");
                    }

                    var answer = await program.ReadAsync(path, limits, cancellation);
                    documents[name] = Parse(name, answer);
                    return answer;
                }
            );
            isSilent |= finding.IsSilent;
        }
    }

    /// <summary>Metrics first: a program whose loop is stuck may still serve them.</summary>
    private IEnumerable<(string Name, string Path)> Fixed(NodeRole role)
    {
        yield return ("metrics.txt", "/metrics");
        string[] words = role switch
        {
            NodeRole.Control => ["status", "bgp/summary", "bgp/memberships", "agents", "vrfs"],
            NodeRole.Agent => ["status", "ports", "vrfs"],
            _ => ["status", "drops", "vifs", "vrfs", "routes", "next-hops", "labels", "access-lists", "flows"],
        };
        foreach (var word in words)
        {
            yield return ($"inspect/{word}.json", role == NodeRole.Datapath ? $"/inspect/{word}?{Limit}" : $"/inspect/{word}");
        }

        if (role == NodeRole.Control)
        {
            foreach (var family in AddressFamily.All)
            {
                yield return ($"inspect/bgp/routes-{family.Name}.json", $"/inspect/bgp/routes?family={family.Name}&{Limit}");
            }

            foreach (var kind in ConfigKinds.All)
            {
                yield return ($"objects/{kind.Plural()}.json", $"/v1/{kind.Plural()}");
            }
        }
    }

    private IEnumerable<(string Name, string Path)> OfEach(NodeRole role, Dictionary<string, JsonElement> documents)
    {
        if (role == NodeRole.Datapath)
        {
            yield break;
        }

        // Only a control node's status has neighbours.
        foreach (var (neighbor, number) in Names(documents.GetValueOrDefault("inspect/status.json"), "neighbors"))
        {
            yield return (
                $"inspect/bgp/neighbors/{number:000}-{FileName(neighbor)}.json",
                $"/inspect/bgp/neighbors/{Uri.EscapeDataString(neighbor)}"
            );
        }

        foreach (var (vrf, number) in Names(documents.GetValueOrDefault("inspect/vrfs.json"), "vrfs"))
        {
            yield return ($"inspect/routes/{number:000}-{FileName(vrf)}.json", $"/inspect/routes?vrf={Uri.EscapeDataString(vrf)}&{Limit}");
        }
    }

    private IEnumerable<(string Name, int Number)> Names(JsonElement document, string list) =>
        document
            .Items(list)
            .Select(item => item.Text("name"))
            .OfType<string>()
            .Take(limits.Items)
            .Select((name, index) => (name, index + 1));

    private static string FileName(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name.Take(80))
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_');
        }

        return text.ToString();
    }

    private static JsonElement Parse(string name, Finding answer)
    {
        if (answer.Bytes is null || answer.IsCut || !name.EndsWith(".json", StringComparison.Ordinal))
        {
            return default;
        }

        using var document = JsonDocument.Parse(answer.Bytes);
        return document.RootElement.Clone();
    }
}
