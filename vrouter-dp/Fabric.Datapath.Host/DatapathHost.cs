using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.Configuration;
using Fabric.Datapath.Host.Inspection;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Native;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Kernel;
using Fabric.Datapath.Shared;
using Fabric.Hosting;
using Fabric.Hosting.Logging;
using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;
using Fabric.Transport;

namespace Fabric.Datapath.Host;

/// <summary>
/// The program's wiring: worker loops with the node and the kernel's packets, and HTTP beside them. Ends at SIGTERM or Ctrl-C; the guard
/// stays in the kernel, so that VMs never meet the host's own stack between two runs.
/// </summary>
internal static partial class DatapathHost
{
    // Sockets and folders made by this process are its owner's alone, from the moment that they exist.
    private const uint OwnerOnly = 0x3F;

    // What a packet waits for must not wait for a processor that a machine keeps busy, and at a start packets wait for the thread that makes the others.
    private const int BeforeMachines = -10;
    private const int AsMachines = 0;

    /// <exception cref="IOException">A socket or the run directory cannot be made; the message names it and the cause.</exception>
    public static async Task RunAsync(DatapathOptions options)
    {
        _ = Libc.FileCreationMask(OwnerOnly);
        Directory.CreateDirectory(options.RunDirectory);
        using var logs = HostLogging.CreateFactory(options.LogFormat);
        var logger = logs.CreateLogger("fabric-dp");
        var failures = new LoopFailures(logger);
        SetPriority(BeforeMachines, logger);
        using var loops = new WorkerLoops(options.Workers, TimeProvider.System, failures.Report);
        var (cache, cacheProblem) = OpenCache(options, loops, logger);
        if (cache is null)
        {
            await LowerPriorityAsync(loops, logger);
        }

        var packets = new KernelPacketIo(loops, options.Node, options.Uplink, logger, cache, cacheProblem);
        var node = new DatapathNode(
            loops,
            new SocketTransport(),
            new UnixDomainSocketEndPoint(options.AgentSocket),
            packets,
            DatapathNodeOptions.Default with
            {
                FlowTableSize = options.FlowTableSize,
                // The programs have counted what comes up.
                Pipeline = cache is null
                    ? new PipelineOptions { MissesPerSecond = options.VifMissRate, MissesOfUnderlayPerSecond = options.UnderlayMissRate }
                    : new PipelineOptions(),
            },
            logger,
            cache?.Memory ?? SharedMemory.Allocate(Sizes(options), Seed())
        );
        await loops[0].RunAsync(node.Start);

        // Packets wait since the process before this one ended: they come first, and what makes others quick beside them.
        var rehearsal = Task.Run(Rehearsal.Run);
        var watches = Watch(loops, logger);
        try
        {
            await using var application = HostHttp.CreateBuilder(options.ApiSocket, options.Api, logs, options.Http).Build();
            InspectionApi.Map(application, options.Node, watches, node);
            new MetricsPage(failures, [.. watches]).Add(watches[0], text => NodeMetrics.Write(text, node)).Map(application);
            await application.StartPrivateAsync(options.ApiSocket);
            LogRehearsed(logger, await rehearsal);
            LogStarted(logger, options.Node, options.Uplink, options.Workers, options.AgentSocket, options.ApiSocket);
            await application.WaitForShutdownAsync();
            LogEnding(logger);
        }
        finally
        {
            watches.ForEach(static watch => watch.Dispose());
            await loops.EndOthersAsync(node.Stop);
            await loops[0].RunAsync(node.Dispose);
        }
    }

    private static List<LoopWatch> Watch(WorkerLoops loops, ILogger logger) =>
        [
            .. loops.Select(
                (loop, worker) =>
                    new LoopWatch(
                        worker == 0 ? "worker" : $"worker-{worker}",
                        worker == 0
                            ? "established flows go on, but no new flow is set up and no table is taken"
                            : "established flows go on, but new flows that fall to it are not set up, and tables are taken by the others only",
                        loop,
                        TimeProvider.System,
                        logger
                    ).Start()
            ),
        ];

    /// <summary>Of this thread, and of those that it makes from now on.</summary>
    private static void SetPriority(int niceness, ILogger logger)
    {
        if (Libc.SetPriority(LinuxConstants.PriorityOfThread, 0, niceness) != 0)
        {
            LogNoPriority(logger, SystemError.Message);
        }
    }

    /// <summary>
    /// A pipeline that forwards alone does not go before machines: who sends would stop for each packet, where those that gather while it runs cost
    /// little more than one.
    /// </summary>
    private static async Task LowerPriorityAsync(WorkerLoops loops, ILogger logger)
    {
        foreach (var loop in loops)
        {
            await loop.RunAsync(() => SetPriority(AsMachines, logger));
        }
    }

    private static SharedSizes Sizes(DatapathOptions options) => new(options.FlowTableSize * 2) { Workers = options.Workers };

    private static ulong Seed() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The kernel's programs, or why there are none: then the C# pipeline forwards alone.</summary>
    private static (FlowCache? Cache, string Problem) OpenCache(DatapathOptions options, WorkerLoops loops, ILogger logger)
    {
        if (!options.FlowCache)
        {
            RemoveLeftPrograms(options, logger);
            return (null, "switched off (flow-cache: false)");
        }

        try
        {
            var kernel = KernelCache.Open(
                new KernelCacheOptions
                {
                    PinFolder = options.PinFolder,
                    Sizes = Sizes(options),
                    Seed = Seed(),
                    Workers = options.Workers,
                }
            );
            try
            {
                var cache = new FlowCache(loops, kernel, (uint)options.VifMissRate, (uint)options.UnderlayMissRate);
                LogCache(logger, kernel.HookKind, kernel.TookOver);
                return (cache, "");
            }
            catch (IOException)
            {
                kernel.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is KernelCacheException or IOException)
        {
            LogNoCache(logger, exception.Message);
            RemoveLeftPrograms(options, logger);
            return (null, exception.Message);
        }
    }

    /// <summary>Programs of an earlier process would forward beside the packet sockets, which see each packet before them: it would go twice.</summary>
    private static void RemoveLeftPrograms(DatapathOptions options, ILogger logger)
    {
        try
        {
            KernelCache.Remove(options.PinFolder);
        }
        catch (KernelCacheException exception)
        {
            // Where the kernel takes no programs, none was left.
            LogNotRemoved(logger, exception.Message);
        }
    }
}
