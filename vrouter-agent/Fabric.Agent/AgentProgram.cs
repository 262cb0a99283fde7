using Fabric.Agent.Configuration;
using Fabric.Agent.Http;
using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Agent.State;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Fabric.Transport;

namespace Fabric.Agent;

/// <summary>The program fabric-agent: options, loop, sockets, files and web server around one <see cref="AgentNode"/>.</summary>
internal static class AgentProgram
{
    private const int UsageError = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["--config", var file])
        {
            await Console.Error.WriteLineAsync("usage: fabric-agent --config FILE");
            return UsageError;
        }

        try
        {
            await RunAsync(AgentOptions.Load(file));
            return 0;
        }
        catch (Exception exception) when (exception is OptionsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(AgentOptions options)
    {
        await using var app = AgentHttp.CreateBuilder(options).Build();
        var logger = app.Services.GetRequiredService<ILogger<AgentNode>>();
        var failures = new LoopFailures(logger);
        using (var loop = new ThreadLoop("agent", TimeProvider.System, failures.Report))
        {
            var state = new FileAgentState(options.StateDirectory, app.Services.GetRequiredService<ILogger<FileAgentState>>());
            var node = new AgentNode(options.Node, loop, new SocketTransport(), state, logger);
            using var watch = new LoopWatch("agent", "no port is plugged and nothing new is programmed", loop, logger).Start();
            var metrics = new MetricsPage(failures, watch).Add(watch, text => AgentMetrics.Write(text, node.Status(), node.DataPlaneTimes));
            app.RefuseWhileStuck(watch);
            AgentHttp.Map(app, options, node, loop, metrics);
            await app.StartPrivateAsync(options.PortSocket);
            await loop.RunAsync(node.Start);
            await app.WaitForShutdownAsync();
            await loop.RunAsync(node.Dispose);
        }
    }
}
