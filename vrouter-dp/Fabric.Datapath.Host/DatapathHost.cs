using System.Net.Sockets;
using Fabric.Datapath.Host.Configuration;
using Fabric.Datapath.Host.Inspection;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Native;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Runtime;
using Fabric.Transport;
using Microsoft.Extensions.Logging.Console;

namespace Fabric.Datapath.Host;

/// <summary>
/// The program's wiring: a worker loop with the node and the kernel's packets, and HTTP beside it. Ends at SIGTERM or Ctrl-C; the guard
/// stays in the kernel, so that VMs never meet the host's own stack between two runs.
/// </summary>
internal static partial class DatapathHost
{
    // Sockets and folders made by this process are its owner's alone, from the moment that they exist.
    private const uint OwnerOnly = 0x3F;

    /// <exception cref="IOException">A socket or the run directory cannot be made; the message names it and the cause.</exception>
    public static async Task RunAsync(DatapathOptions options)
    {
        _ = Libc.FileCreationMask(OwnerOnly);
        Directory.CreateDirectory(options.RunDirectory);
        var builder = CreateBuilder(options);
        await using var application = builder.Build();
        var logger = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("fabric-dp");
        using var loop = new EpollLoop("fabric-dp", TimeProvider.System, exception => LogBug(logger, exception));
        var packets = new KernelPacketIo(loop, options.Node, options.Uplink, logger);
        var node = new DatapathNode(
            loop,
            new SocketTransport(),
            new UnixDomainSocketEndPoint(options.AgentSocket),
            packets,
            DatapathNodeOptions.Default with
            {
                FlowTableSize = options.FlowTableSize,
            },
            logger
        );
        await loop.RunAsync(node.Start);
        try
        {
            InspectionApi.Map(application, options.Node, loop, node);

            // Having bound dp.sock, this process is the only one of its node: a file in the way is left from a killed one.
            File.Delete(options.ApiSocket);
            await application.StartAsync();
            File.SetUnixFileMode(options.ApiSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            LogStarted(logger, options.Node, options.Uplink, options.AgentSocket, options.ApiSocket);
            await application.WaitForShutdownAsync();
            LogEnding(logger);
        }
        finally
        {
            await loop.RunAsync(node.Dispose);
            File.Delete(options.ApiSocket);
        }
    }

    private static WebApplicationBuilder CreateBuilder(DatapathOptions options)
    {
        // The empty builder: no file or environment variable of ASP.NET Core has a say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.ListenUnixSocket(options.ApiSocket);
                if (options.Api is { } address)
                {
                    kestrel.Listen(address);
                }
            });
        return builder;
    }
}
