using Fabric.Config.Stores;
using Fabric.Controller;
using Fabric.Controller.Api;
using Fabric.Controller.Inspection;
using Fabric.Controller.Options;
using Fabric.Hosting;
using Fabric.Hosting.Configuration;
using Fabric.Runtime;
using Fabric.Transport;
using Fabric.Transport.Polling;

if (args is not ["--config", var file])
{
    Console.Error.WriteLine("usage: fabric-control --config FILE");
    return 2;
}

try
{
    var options = ControlNodeOptionsFile.Load(file);
    Directory.CreateDirectory(options.RunDirectory);
    Directory.CreateDirectory(options.StateDirectory);
    using var runLock = InstanceLock.Take(options.RunDirectory);
    using var stateLock = InstanceLock.Take(options.StateDirectory);
    var builder = HostHttp.CreateBuilder(options.ApiSocket, options.Api);
    builder.Services.AddFabricApi();
    await using var app = builder.Build();
    var loggers = app.Services.GetRequiredService<ILoggerFactory>();
    var failures = new LoopFailures(loggers.CreateLogger("loop"));
    using var store = new SqliteConfigStore(options.StoreFile);
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
    app.MapFabricApi(node.ConfigApi);
    app.MapInspection(node);
    var bound = new TaskCompletionSource();
    node.Start(exception => bound.TrySetException(exception));
    try
    {
        await app.StartPrivateAsync(options.ApiSocket);
        await await Task.WhenAny(bound.Task, app.WaitForShutdownAsync());
    }
    finally
    {
        await node.StopAsync();
    }

    return 0;
}
catch (Exception exception) when (exception is OptionsException or ConfigStoreException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"fabric-control: {exception.Message}");
    return 1;
}
