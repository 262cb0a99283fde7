using System.Buffers.Binary;
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
    private const int Ipv4Size = 20;
    private const int UdpSize = 8;
    private const int DestinationOffset = 16;

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

    // B's answer has the marker too: the IPv4 and UDP headers before it say whose it is.
    private static string? Captured(NativeSocket capture, byte[] marker)
    {
        var frame = new byte[LargestFrame];
        for (var length = capture.Receive(frame); length > 0; length = capture.Receive(frame))
        {
            var bytes = frame.AsSpan(0, Math.Min(length, LargestFrame));
            var start = bytes.IndexOf(marker) - Ipv4Size - UdpSize;
            if (start >= 0 && BinaryPrimitives.ReadUInt32BigEndian(bytes[(start + DestinationOffset)..]) == Place.VmB.Address)
            {
                return Encapsulation.Of(bytes);
            }
        }

        return null;
    }
}
