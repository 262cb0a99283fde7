using System.Diagnostics;
using System.Security.Cryptography;
using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>Proves that a datagram of A reaches B and its answer A, unchanged, and that the uplink carried it as this data plane is to.</summary>
internal static class PathProof
{
    private const ushort Port = 7;
    private const ushort ClientPort = 7000;
    private const int MarkerSize = 32;
    private const int LargestFrame = 2048;

    /// <exception cref="BenchException">Nothing came through in time, or on another way.</exception>
    public static void Check(Testbed testbed, TimeSpan patience, CancellationToken cancellation)
    {
        using var capture = testbed.HostB.Enter(() => NativeSocket.Capture("eth0"));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var marker = RandomNumberGenerator.GetBytes(MarkerSize);
        var server = testbed.VmB.Start(null, () => EchoLoad.ServeUdp(Place.VmA.Address, ClientPort, Port, end.Token));
        try
        {
            testbed.VmA.Enter(() => Send(testbed, marker, capture, patience, cancellation));
        }
        finally
        {
            end.Cancel();
            server.GetAwaiter().GetResult();
        }
    }

    private static int Send(Testbed testbed, byte[] marker, NativeSocket capture, TimeSpan patience, CancellationToken cancellation)
    {
        using var socket = NativeSocket.Udp();
        socket.Bind(Place.VmA.Address, ClientPort);
        var hasAnswer = false;
        var start = Stopwatch.GetTimestamp();
        for (var attempt = 0; Stopwatch.GetElapsedTime(start) < patience && testbed.Daemons.All(daemon => !daemon.HasExited); attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Echoes(socket, marker))
            {
                continue;
            }

            hasAnswer = true;
            if (testbed.Carries is not { } expected)
            {
                return attempt;
            }

            // What an earlier load left in queues may have taken the capture's room: once more then.
            if (Captured(capture, marker) is { } seen)
            {
                return seen == expected ? attempt : throw new BenchException($"the uplink carried {seen} where {expected} was expected");
            }
        }

        throw new BenchException(
            hasAnswer ? "datagrams came through, but not by the uplink" : $"no datagram came through within {patience.TotalSeconds:0} s"
        );
    }

    private static bool Echoes(NativeSocket socket, byte[] marker)
    {
        Span<byte> answer = stackalloc byte[MarkerSize];
        return socket.TryConnect(Place.VmB.Address, Port)
            && socket.TrySend(marker)
            && socket.Receive(answer) == MarkerSize
            && answer.SequenceEqual(marker);
    }

    // A's packets come to host B; those of B, in the other tunnel, leave it.
    private static string? Captured(NativeSocket capture, byte[] marker)
    {
        var frame = new byte[LargestFrame];
        for (var length = capture.Receive(frame); length > 0; length = capture.Receive(frame))
        {
            var bytes = frame.AsSpan(0, Math.Min(length, LargestFrame));
            if (bytes.IndexOf(marker) >= 0)
            {
                return Encapsulation.Of(bytes);
            }
        }

        return null;
    }
}
