using System.Buffers.Binary;
using System.Diagnostics;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Load;

/// <summary>One request and its answer after the other: how long each took.</summary>
internal static class EchoLoad
{
    private const int RequestSize = 32;
    private const int LargestRequest = 64;
    private const int MostSamples = 1_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Answers one client until told to stop.</summary>
    public static int ServeUdp(uint client, ushort clientPort, ushort port, CancellationToken stop)
    {
        using var socket = NativeSocket.Udp();
        socket.Bind(0, port);
        socket.TryConnect(client, clientPort);
        return Answer(socket, stop);
    }

    /// <summary>Answers one connection until it ends.</summary>
    public static int ServeTcp(ushort port, CancellationToken stop)
    {
        using var listener = NativeSocket.Tcp();
        listener.Bind(0, port);
        listener.Listen();
        while (!stop.IsCancellationRequested)
        {
            using var connection = listener.Accept();
            if (connection is not null)
            {
                return Answer(connection, stop);
            }
        }

        return 0;
    }

    public static LatencyFigures MeasureUdp(uint own, ushort ownPort, uint server, ushort port, TimeSpan time, CancellationToken stop)
    {
        using var socket = NativeSocket.Udp();
        socket.Bind(own, ownPort);
        socket.TryConnect(server, port);
        return Measure(socket, time, stop);
    }

    public static LatencyFigures MeasureTcp(uint server, ushort port, TimeSpan time, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested && Stopwatch.GetElapsedTime(start) < s_patience)
        {
            using var socket = NativeSocket.Tcp();
            if (socket.TryConnect(server, port))
            {
                return Measure(socket, time, stop);
            }
        }

        throw new BenchException("no connection to the echo server");
    }

    private static int Answer(NativeSocket socket, CancellationToken stop)
    {
        Span<byte> buffer = stackalloc byte[LargestRequest];
        var answers = 0;
        while (!stop.IsCancellationRequested)
        {
            var length = socket.Receive(buffer);
            if (length == 0)
            {
                break;
            }

            if (length > 0 && socket.TrySend(buffer[..length]))
            {
                answers++;
            }
        }

        return answers;
    }

    private static LatencyFigures Measure(NativeSocket socket, TimeSpan time, CancellationToken stop)
    {
        var samples = new double[MostSamples];
        var count = 0;
        var number = 0L;
        Await(socket, ref number, stop);
        var first = number;
        var start = Stopwatch.GetTimestamp();
        for (var now = start; count < MostSamples && Stopwatch.GetElapsedTime(start, now) < time && !stop.IsCancellationRequested; )
        {
            if (IsAnswered(socket, number++))
            {
                samples[count++] = Stopwatch.GetElapsedTime(now).TotalMicroseconds;
            }

            now = Stopwatch.GetTimestamp();
        }

        return LatencyFigures.Of(samples.AsSpan(0, count), (int)(number - first) - count);
    }

    // The server may just be starting.
    private static void Await(NativeSocket socket, ref long number, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        while (!IsAnswered(socket, number++) && Stopwatch.GetElapsedTime(start) < s_patience && !stop.IsCancellationRequested)
        {
            Thread.Sleep(1);
        }
    }

    // An answer that comes after its request was given up is not taken for the next one's.
    private static bool IsAnswered(NativeSocket socket, long number)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        Span<byte> answer = stackalloc byte[LargestRequest];
        BinaryPrimitives.WriteInt64LittleEndian(request, number);
        if (!socket.TrySend(request))
        {
            return false;
        }

        while (socket.Receive(answer) == RequestSize)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(answer) == number)
            {
                return true;
            }
        }

        return false;
    }
}
