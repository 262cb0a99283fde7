using Fabric.Agent.Configuration;
using Fabric.Agent.Http;
using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Agent.State;
using Fabric.Agent.Streaming;
using Fabric.FlowExport;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Fabric.Streaming;
using Fabric.Streaming.Http;
using Fabric.Transport;

namespace Fabric.Agent;

/// <summary>The program fabric-agent: options, loop, sockets, files and web server around one <see cref="AgentNode"/>.</summary>
internal static partial class AgentProgram
{
    private const int ExitFailed = 1;
    private const int ExitUsage = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ["--config", var file])
        {
            await Console.Error.WriteLineAsync("usage: fabric-agent --config FILE");
            return ExitUsage;
        }

        try
        {
            await RunAsync(AgentOptions.Load(file));
            return 0;
        }
        catch (OptionsException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitUsage;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"fabric-agent: {exception.Message}");
            return ExitFailed;
        }
    }

    private static async Task RunAsync(AgentOptions options)
    {
        await using var app = AgentHttp.CreateBuilder(options).Build();
        var logger = app.Services.GetRequiredService<ILogger<AgentNode>>();
        var failures = new LoopFailures(logger);
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var streamLogger = loggers.CreateLogger("stream");
        using var stream = EventStream.Start(options.Stream, TimeProvider.System, streamLogger);
        using var export = options.Export is { } exported
            ? ExportingProcess.Start(exported, TimeProvider.System, loggers.CreateLogger("export"))
            : null;
        using (var loop = new ThreadLoop("agent", TimeProvider.System, failures.Report))
        {
            var events = new AgentStream(options.Node.Name, loop, StreamOutlet.To(stream), options.Summaries);
            if (export is not null)
            {
                events.Flows.Exporter = rows => export.Add(rows);
            }

            var state = new FileAgentState(
                options.StateDirectory,
                Random.Shared,
                app.Services.GetRequiredService<ILogger<FileAgentState>>()
            );
            var node = new AgentNode(options.Node, loop, new SocketTransport(), state, logger, events);
            using var watch = new LoopWatch("agent", "no port is plugged and nothing new is programmed", loop, TimeProvider.System, logger)
            {
                Changed = events.LoopChanged,
            }.Start();
            var metrics = new MetricsPage(failures, watch)
                .Add(watch, text => AgentMetrics.Write(text, node.Status(), node.DataPlaneTimes))
                .Add(watch, text => RecordMetrics.Write(text, events.Statistics()))
                .Add(text => text.AddStream(stream.Statistics()));
            if (export is not null)
            {
                metrics.Add(text => text.AddFlowExport(export.Statistics()));
            }

            var board = new NodeBoard(stream.TryPublish, options.Node.Name, "agent", loop, () => NodeState.Of(node.Status()));
            app.RefuseWhileStuck(watch);
            AgentHttp.Map(app, options, node, loop, metrics);
            app.MapStream(stream, TimeProvider.System, streamLogger);
            await app.StartPrivateAsync(options.PortSocket);
            await loop.RunAsync(events.Start);
            await loop.RunAsync(node.Start);
            await loop.RunAsync(board.Start);
            await app.WaitForShutdownAsync();
            LogEnding(logger);
            await loop.RunAsync(board.Dispose);
            await loop.RunAsync(node.Dispose);
            await loop.RunAsync(events.Dispose);
        }
    }

    [LoggerMessage(315, LogLevel.Information, "Ending. The data plane goes on with the tables that it has.")]
    private static partial void LogEnding(ILogger logger);
}
