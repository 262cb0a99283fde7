using System.Runtime.InteropServices;
using Fabric.Config.Stores;
using Fabric.Controller;
using Fabric.Controller.Api;
using Fabric.Controller.Inspection;
using Fabric.Controller.Monitoring;
using Fabric.Controller.Operations;
using Fabric.Controller.Options;
using Fabric.Controller.Rehearsals;
using Fabric.Controller.Streaming;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Fabric.Streaming;
using Fabric.Streaming.Http;
using Fabric.Transport;
using Fabric.Transport.Polling;

if (ControlCommand.Parse(args) is not { } command)
{
    Console.Error.WriteLine(ControlCommand.Usage);
    return 2;
}

try
{
    var options = ControlNodeOptionsFile.Load(command.ConfigFile);
    if (command.ChecksOnly)
    {
        Console.WriteLine($"{command.ConfigFile}: good");
        return 0;
    }

    Directory.CreateDirectory(options.RunDirectory);
    Directory.CreateDirectory(options.StateDirectory);
    using var runLock = InstanceLock.Take(options.RunDirectory);
    using var stateLock = InstanceLock.Take(options.StateDirectory);
    var builder = HostHttp.CreateBuilder(options.ApiSocket, options.Api, options.LogFormat, options.Http);
    builder.Services.AddFabricApi();
    await using var app = builder.Build();
    var loggers = app.Services.GetRequiredService<ILoggerFactory>();
    var loopLogger = loggers.CreateLogger("loop");
    var failures = new LoopFailures(loopLogger);
    using var store = new SqliteConfigStore(options.StoreFile, options.ApiHistory);
    using var configLoop = new ThreadLoop("config", TimeProvider.System, failures.Report);
    using var routingLoop = new PollLoop("routing", TimeProvider.System, failures.Report);
    using var node = new ControlNode(
        options,
        configLoop,
        routingLoop,
        new PollTransport(),
        new SocketTransport(),
        store,
        Guid.CreateVersion7,
        Random.Shared,
        loggers
    );
    await using var mrt = options.Mrt is { } files ? new MrtFiles(files, node, TimeProvider.System, loggers.CreateLogger("mrt")) : null;
    using var stream = EventStream.Start(options.Stream!, TimeProvider.System, loggers.CreateLogger("stream"));
    var events = new ControlStream(stream.TryPublish, node, TimeProvider.System).Follow(
        stream.Options.Routes,
        rows => stream.Publish(rows),
        () => stream.RoomForRoutes
    );
    using var configWatch = new LoopWatch("config", "no change of the configuration is taken", configLoop, TimeProvider.System, loopLogger)
    {
        Changed = events.LoopChanged,
    }.Start();
    using var routingWatch = new LoopWatch(
        "routing",
        "no route changes and no session is kept up",
        routingLoop,
        TimeProvider.System,
        loopLogger
    )
    {
        Changed = events.LoopChanged,
    }.Start();
    app.RefuseWhileStuck(configWatch, routingWatch);
    app.MapFabricApi(node.ConfigApi, options.ApiWatchers);
    app.MapInspection(node);
    var metrics = new NodeMetrics(node);
    new MetricsPage(failures, configWatch, routingWatch)
        .Add(configWatch, metrics.WriteConfig)
        .Add(routingWatch, metrics.WriteRouting)
        .Add(text => text.AddStream(stream.Statistics()))
        .Map(app);
    app.MapOperations(node);
    app.MapStream(stream, TimeProvider.System, loggers.CreateLogger("stream"));
    using var reload = new OptionsReload(command.ConfigFile, node, loggers.CreateLogger("options"));
    using var hangUp = PosixSignalRegistration.Create(
        PosixSignal.SIGHUP,
        context =>
        {
            // Without this the process would end.
            context.Cancel = true;
            _ = reload.RunAsync();
        }
    );
    mrt?.Start();
    Rehearsal.Begin(makesRows: node.Routes.Follower is not null, failures.Report, loggers.CreateLogger("rehearsal"));
    var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    node.Start(started.SetResult, started.SetException);
    try
    {
        // Whoever finds the API finds the ports of BGP and XMPP as well.
        await started.Task;
        await app.StartPrivateAsync(options.ApiSocket);
        var log = new ProgramLog(loggers.CreateLogger("fabric-control"));
        log.Started(options);
        await app.WaitForShutdownAsync();
        log.LogEnding();
    }
    finally
    {
        await node.StopAsync();
        await routingLoop.RunAsync(events.Dispose);
    }

    return 0;
}
catch (OptionsException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (Exception exception) when (exception is ConfigStoreException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"fabric-control: {exception.Message}");
    return 1;
}
