using Fabric.Agent.Configuration;
using Fabric.Agent.Node;
using Fabric.Hosting;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;

namespace Fabric.Agent.Http;

/// <summary>The agent's web server: port API and inspection on the unix socket and the port API's address; metrics also on theirs.</summary>
internal static class AgentHttp
{
    public static WebApplicationBuilder CreateBuilder(AgentOptions options)
    {
        var builder = HostHttp.CreateBuilder(options.PortSocket, options.PortApi, options.LogFormat, options.Http);
        if (options.Metrics is { } metrics)
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(metrics));
        }

        return builder;
    }

    public static void Map(WebApplication app, AgentOptions options, AgentNode node, IEventLoop loop, MetricsPage metrics)
    {
        app.Use(
            (context, next) =>
            {
                // The metrics address may be opened to a collector; ports must not be.
                var isMetricsOnly = options.Metrics is { } address && context.Connection.LocalPort == address.Port;
                if (isMetricsOnly && context.Request.Path != "/metrics")
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return Task.CompletedTask;
                }

                return next(context);
            }
        );
        new PortApi(node, loop).Map(app);
        new InspectionApi(node, loop, options.Node.Address).Map(app);
        metrics.Map(app);
    }
}
