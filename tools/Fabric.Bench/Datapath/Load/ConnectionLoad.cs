using System.Diagnostics;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Load;

/// <summary>
/// TCP connections one after the other: connect, a byte there, a byte back, close. The client closes first, so that every connection has a port
/// pair of its own; when a server's port has had that many, the next server's is used.
/// </summary>
internal static class ConnectionLoad
{
    private const ushort FirstPort = 10_000;
    private const int Servers = 8;

    // The kernel takes every second port of the client's 64,512 first, and is slow to find one of the others.
    private const int ConnectionsPerServer = 30_000;

    /// <summary>Connections a second. Client and servers share a processor, so that no path pays for waking another.</summary>
    /// <param name="client">Where they are opened.</param>
    /// <param name="server">Where they end.</param>
    /// <param name="address">Address of that.</param>
    /// <param name="load">
    /// Number of the load on one testbed, from 0 on: its servers' ports are its own, since a client that has to look for a port pair that does
    /// not rest from an earlier load (RFC 9293 section 3.4.2) does little else.
    /// </param>
    /// <param name="processor">The processor.</param>
    /// <param name="time">How long.</param>
    /// <param name="cancellation">Ends it.</param>
    public static double Measure(
        NetworkSpace client,
        NetworkSpace server,
        uint address,
        int load,
        int processor,
        TimeSpan time,
        CancellationToken cancellation
    )
    {
        var firstPort = FirstPort + load * Servers;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var servers = Enumerable
            .Range(0, Servers)
            .Select(number => server.Start(processor, () => Serve((ushort)(firstPort + number), end.Token)))
            .ToList();
        try
        {
            return client.Start(processor, () => Connect(address, firstPort, time, cancellation)).GetAwaiter().GetResult();
        }
        finally
        {
            end.Cancel();
            Task.WhenAll(servers).GetAwaiter().GetResult();
        }
    }

    private static double Connect(uint address, int firstPort, TimeSpan time, CancellationToken stop)
    {
        var count = 0;
        var refused = 0;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time && count < Servers * ConnectionsPerServer && !stop.IsCancellationRequested)
        {
            if (TryConnection(address, (ushort)(firstPort + count / ConnectionsPerServer)))
            {
                count++;
            }
            else if (count == 0 && refused++ < 100)
            {
                // The servers' threads are just starting.
                Thread.Sleep(10);
                start = Stopwatch.GetTimestamp();
            }
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static bool TryConnection(uint address, ushort port)
    {
        using var socket = NativeSocket.Tcp();
        Span<byte> octet = stackalloc byte[1];
        return socket.TryConnect(address, port) && socket.TrySend(octet) && socket.Receive(octet) == 1;
    }

    private static int Serve(ushort port, CancellationToken stop)
    {
        using var listener = NativeSocket.Tcp();
        listener.Bind(0, port);
        listener.Listen();
        Span<byte> octet = stackalloc byte[1];
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            using var connection = listener.Accept();
            if (connection is not null && connection.Receive(octet) == 1 && connection.TrySend(octet))
            {
                _ = connection.Receive(octet);
                count++;
            }
        }

        return count;
    }
}
