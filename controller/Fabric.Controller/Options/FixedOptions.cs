using Fabric.Streaming;

namespace Fabric.Controller.Options;

/// <summary>The keys that a running process can't change: sockets, folders and sessions with everybody hang on them.</summary>
internal static class FixedOptions
{
    /// <summary>A sentence for each of them that differs.</summary>
    public static IEnumerable<string> Changed(ControlNodeOptions running, ControlNodeOptions next) =>
        Values(running)
            .Zip(Values(next))
            .Where(pair => !Equals(pair.First.Value, pair.Second.Value))
            .Select(pair =>
                $"key '{pair.First.Key}': a change from '{pair.First.Value ?? "null"}' to '{pair.Second.Value ?? "null"}' takes a restart of the process"
            )
            .Concat(ChangedSections(running, next).Select(key => $"key '{key}': a change takes a restart of the process"));

    // Without values: a section has too many to show, and settings of Kafka may be secrets.
    private static IEnumerable<string> ChangedSections(ControlNodeOptions running, ControlNodeOptions next)
    {
        if (running.Tls != next.Tls)
        {
            yield return "tls";
        }

        if (running.Bmp != next.Bmp)
        {
            yield return "bmp";
        }

        if (running.Mrt != next.Mrt)
        {
            yield return "mrt";
        }

        if (running.Stream is { } stream && next.Stream is { } nextStream)
        {
            foreach (var key in stream.ChangedKeys(nextStream))
            {
                yield return $"stream.{key}";
            }
        }
    }

    private static IEnumerable<(string Key, object? Value)> Values(ControlNodeOptions options) =>
        [
            ("node", options.Node),
            ("router-id", options.RouterId),
            ("as", options.As),
            ("listen", options.Listen),
            ("bgp-port", options.BgpPort),
            ("xmpp-port", options.XmppPort),
            ("api", options.Api),
            ("api-names", string.Join(", ", options.Http.Names)),
            ("api-connections", options.Http.MaxConnections),
            ("api-watchers", options.ApiWatchers),
            ("api-history", options.ApiHistory >> 20),
            ("run-dir", options.RunDirectory),
            ("state-dir", options.StateDirectory),
            ("cluster-id", options.ClusterId is { } id ? new Primitives.BgpIdentifier(id) : null),
            ("graceful-restart-time", options.RestartTime.TotalSeconds),
            ("next-hop-ipv6", options.Ipv6NextHop),
            ("log-format", options.LogFormat),
            ("xmpp-hold-time", options.XmppHoldTime.TotalSeconds),
            ("agent-max-routes", options.AgentMaxRoutes),
            ("agent-vrfs", options.AgentVrfs.ToString().ToLowerInvariant()),
        ];
}
