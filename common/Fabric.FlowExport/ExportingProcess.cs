using System.Net;
using Fabric.Analytics;
using Fabric.FlowExport.Ipfix;
using Fabric.FlowExport.Sflow;
using Microsoft.Extensions.Logging;

namespace Fabric.FlowExport;

/// <summary>
/// Tells collectors of flows, by IPFIX and sFlow over UDP (RFC 7011 section 2 has the name). Adding rows never waits and never fails: what finds no room is counted. One thread of the export's own encodes and sends.
/// </summary>
public sealed partial class ExportingProcess : IDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<CollectorSocket> _collectors = [];
    private readonly HashSet<CollectorSocket> _silent = [];
    private readonly FlowExportLoop _loop;
    private readonly WallClockSteps _steps;

    // Not disposed of: who adds rows after the end must not fail.
    private readonly AutoResetEvent _work = new(false);
    private readonly ITimer _timer;
    private readonly Thread _thread;
    private volatile bool _isDue;
    private volatile bool _isStopping;

    private ExportingProcess(FlowExportOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        _steps = new WallClockSteps(time);
        _logger = logger;
        var exporters = new List<IFlowExporter>();
        if (options.Ipfix is { } ipfix)
        {
            exporters.Add(new IpfixExporter(ipfix, Sink("ipfix", ipfix.Collectors)));
        }

        if (options.Sflow is { } sflow)
        {
            exporters.Add(new SflowExporter(sflow, Now, Sink("sflow", sflow.Collectors)));
        }

        _loop = new FlowExportLoop(options, exporters, Now);
        Maintain();
        _thread = new Thread(Run) { Name = "export", IsBackground = true };
        _thread.Start();
        _timer = time.CreateTimer(_ => WakeForMaintenance(), null, MaintenanceInterval, MaintenanceInterval);
    }

    /// <summary>Starts; collectors need not be reachable.</summary>
    public static ExportingProcess Start(FlowExportOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    /// <summary>Copies flow rows, best by the hundred. From any thread; never waits, never throws, allocates nothing once it is warm.</summary>
    /// <returns>How many, from the first on, found room; the others are counted as dropped.</returns>
    public int Add(ReadOnlySpan<FlowRow> rows)
    {
        var taken = _loop.Add(rows);
        _work.Set();
        return taken;
    }

    /// <summary>From any thread.</summary>
    public FlowExportStatistics Statistics() =>
        new(_loop.Rows, _loop.Dropped, _loop.Sessions, [.. _collectors.Select(collector => collector.Statistics)]);

    /// <summary>Sends what was added before, and stops.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _isStopping = true;
        _work.Set();
        _thread.Join();
        _loop.Drain(Now);
        _collectors.ForEach(static collector => collector.Dispose());
    }

    private long Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private DatagramSink Sink(string protocol, IReadOnlyList<IPEndPoint> collectors)
    {
        CollectorSocket[] sockets = [.. collectors.Select(collector => new CollectorSocket(protocol, collector))];
        _collectors.AddRange(sockets);
        return datagram =>
        {
            foreach (var socket in sockets)
            {
                socket.Send(datagram);
            }
        };
    }

    private void WakeForMaintenance()
    {
        _isDue = true;
        _work.Set();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            try
            {
                if (_steps.Take() is var step && step != 0)
                {
                    _loop.Shift(step);
                }

                if (_isDue)
                {
                    _isDue = false;
                    Maintain();
                }

                if (_loop.Drain(Now))
                {
                    _work.Set();
                }
            }
            catch (Exception exception)
            {
                LogFault(exception);
            }

            _work.WaitOne();
        }
    }

    private void Maintain()
    {
        foreach (var collector in _collectors)
        {
            collector.Open();
            if (collector.Fault is not { } fault)
            {
                _silent.Remove(collector);
            }
            else if (_silent.Add(collector))
            {
                LogSilent(collector.Statistics.Protocol, collector.Statistics.Collector.ToString(), fault.ToString());
            }
        }

        _loop.Maintain(Now);
    }

    [LoggerMessage(
        1650,
        LogLevel.Warning,
        "export: {Protocol} collector {Collector} gets nothing: {Reason}. It is tried again each second."
    )]
    private partial void LogSilent(string protocol, string collector, string reason);

    [LoggerMessage(1651, LogLevel.Critical, "export: a fault of this program itself; it goes on with the next row.")]
    private partial void LogFault(Exception exception);
}
