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
            .Concat(ChangedStream(running.Stream, next.Stream));

    // Without values: settings of Kafka may be secrets.
    private static IEnumerable<string> ChangedStream(StreamOptions? running, StreamOptions? next) =>
        running is null || next is null
            ? []
            : running.ChangedKeys(next).Select(key => $"key 'stream.{key}': a change takes a restart of the process");

    private static IEnumerable<(string Key, object? Value)> Values(ControlNodeOptions options) =>
        [
            ("node", options.Node),
            ("router-id", options.RouterId),
            ("as", options.As),
            ("listen", options.Listen),
            ("bgp-port", options.BgpPort),
            ("xmpp-port", options.XmppPort),
            ("api", options.Api),
            ("run-dir", options.RunDirectory),
            ("state-dir", options.StateDirectory),
            ("tls", options.Tls),
            ("cluster-id", options.ClusterId is { } id ? new Primitives.BgpIdentifier(id) : null),
            ("graceful-restart-time", options.RestartTime.TotalSeconds),
            ("next-hop-ipv6", options.Ipv6NextHop),
            ("bmp", options.Bmp),
            ("mrt", options.Mrt),
            ("log-format", options.LogFormat),
            ("xmpp-hold-time", options.XmppHoldTime.TotalSeconds),
        ];
}
