using Fabric.Controller.Options;

namespace Fabric.Controller.Operations;

/// <summary>That the program is there, with what it is reached by, and that it ends.</summary>
internal sealed partial class ProgramLog(ILogger logger)
{
    /// <summary>All ports are bound.</summary>
    public void Started(ControlNodeOptions options) =>
        LogStarted(
            options.Node,
            options.As.Value,
            $"{options.Listen}, port {options.BgpPort}",
            $"port {options.XmppPort}, {(options.Tls is null ? "in the clear" : "with TLS")}",
            options.Api is { } address ? $"{address}, {options.ApiSocket}" : options.ApiSocket
        );

    [LoggerMessage(1510, LogLevel.Information, "Node {Node} of AS {As} started: BGP at {Bgp}, XMPP at {Xmpp}, API at {Api}.")]
    private partial void LogStarted(string node, uint @as, string bgp, string xmpp, string api);

    [LoggerMessage(
        1511,
        LogLevel.Information,
        "Ending. Neighbours with graceful restart and hosts keep the routes; other neighbours hear of the shutdown."
    )]
    public partial void LogEnding();
}
