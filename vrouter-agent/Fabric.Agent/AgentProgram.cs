using Fabric.Agent.Configuration;
using Fabric.Agent.Http;
using Fabric.Agent.Node;
using Fabric.Agent.State;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
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
        await using var app = Build(options, out var node, out var loop);
        using (loop)
        {
            await app.StartPrivateAsync(options.PortSocket);
            await loop.RunAsync(node.Start);
            await app.WaitForShutdownAsync();
            await loop.RunAsync(node.Dispose);
        }
    }

    private static WebApplication Build(AgentOptions options, out AgentNode node, out ThreadLoop loop)
    {
        var app = AgentHttp.CreateBuilder(options).Build();
        var logger = app.Services.GetRequiredService<ILogger<AgentNode>>();
        loop = new ThreadLoop("agent", TimeProvider.System, new LoopFailures(logger).Report);
        var state = new FileAgentState(options.StateDirectory, app.Services.GetRequiredService<ILogger<FileAgentState>>());
        node = new AgentNode(options.Node, loop, new SocketTransport(), state, logger);
        AgentHttp.Map(app, options, node, loop);
        return app;
    }
}
