using System.Net.Sockets;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Interop.Speakers;

/// <summary>The speaker under test: <c>fabric-control</c> with one file, a route reflector. What it holds is never asked: the others tell.</summary>
internal sealed class ControlNode(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : BgpDaemon(node, autonomousSystem, neighbors)
{
    public string Identifier { get; init; } = node.Address;

    public string ClusterId => Node.Address;

    /// <summary>The answer of its own command, for the words in which it gives reasons.</summary>
    public Task<string> ShowAsync(params IEnumerable<string> words) =>
        Command.MustAsync([.. Programs.Cli, .. words, "--run-dir", Node.PathOf("run")]);

    /// <summary>Changes the neighbours of the file and has it read again.</summary>
    public Task ReloadAsync(IReadOnlyList<Neighbor> neighbors)
    {
        Neighbors = neighbors;
        Configure();
        return HangUpAsync();
    }

    protected override IReadOnlyList<string> Configure() => [.. Programs.Control, "--config", Node.Write("control.yaml", Configuration())];

    // Its API listens only when the port of BGP is bound; the socket's file may be that of the process before.
    protected override Task OnStartedAsync() => Poll.UntilAsync($"the API of {Name}", Eventually.Patience, ListensAsync);

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Node.PathOf("run/control/api.sock")));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Configuration() =>
            // Over a session of IPv4 only a policy knows an IPv6 address to be the next hop.
            $$"""
            node: control
            router-id: {{Identifier}}
            cluster-id: {{ClusterId}}
            listen: {{LocalAddress}}
            as: {{As}}
            api: null
            run-dir: {{Node.PathOf("run/control")}}
            state-dir: {{Node.PathOf("state")}}
            policies:
              own-address:
                - { match: { families: ipv6 }, set: { next-hop: "{{Node.Address6}}" }, then: accept }
              closed:
                - { then: reject }
            neighbors:
            {{Lines(Neighbors.Where(neighbor => !neighbor.IsDynamic), Block)}}
            dynamic-neighbors:{{(Neighbors.Any(neighbor => neighbor.IsDynamic) ? "" : " []")}}
            {{Lines(Neighbors.Where(neighbor => neighbor.IsDynamic), DynamicBlock)}}
            """ + "\n";

    private static IEnumerable<string> Guards(Neighbor neighbor) =>
        [
            .. neighbor.Password is { } password ? [$"password: {password}"] : Array.Empty<string>(),
            .. neighbor.HasTtlSecurity ? ["ttl-security: 1"] : Array.Empty<string>(),
        ];

    private static IEnumerable<string> AddPath(Neighbor neighbor) =>
        neighbor.HasAddPath
            ? [$"add-path: {{ {string.Join(", ", neighbor.Families.Select(f => $"{f.InFile()}: {{ receive: true, send: all }}"))} }}"]
            : [];

    private static IEnumerable<string> ExtendedNextHop(Neighbor neighbor) =>
        neighbor.HasExtendedNextHop ? ["extended-next-hops: [ipv4]"] : [];

    private static string LongLived(Neighbor neighbor) =>
        neighbor.LongLivedTime > 0 ? $", long-lived: {{ stale-time: {neighbor.LongLivedTime} }}" : "";

    private static string Block(Neighbor neighbor) =>
        $$"""
              - name: {{neighbor.Name}}
                address: {{neighbor.Address}}
                passive: {{(neighbor.IsPassive ? "true" : "false")}}
                connect-retry: 1
            {{Session(neighbor)}}
            """;

    private static string DynamicBlock(Neighbor neighbor) =>
        $$"""
              - prefix: {{neighbor.Address}}/{{(neighbor.Address.Contains(':') ? 128 : 32)}}
            {{Session(neighbor)}}
            """;

    private static string Session(Neighbor neighbor) =>
        $$"""
                as: {{neighbor.As}}
                families: [{{string.Join(", ", neighbor.Families.Select(family => family.InFile()))}}]
                route-reflector-client: {{(neighbor.IsClient ? "true" : "false")}}
                hold-time: {{neighbor.HoldTime}}
                graceful-restart: { time: {{neighbor.RestartTime}}{{LongLived(neighbor)}} }
            {{Lines(
                Guards(neighbor).Concat(AddPath(neighbor)).Concat(ExtendedNextHop(neighbor)).Concat(neighbor.FurtherKeys),
                line => $"    {line}"
            )}}
            """;
}
