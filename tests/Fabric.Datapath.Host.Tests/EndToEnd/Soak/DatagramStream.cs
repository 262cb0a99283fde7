using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Fabric.Datapath.Host.Tests.EndToEnd.Soak;

/// <summary>
/// Datagrams in super-packets of UDP GSO (udp(7), UDP_SEGMENT) from one machine to another, no more under way than the receiver's queue holds. Each
/// second has a flow of its own; sizes and counts of segments change from one super-packet to the next.
/// </summary>
internal sealed class DatagramStream(IPAddress target, int port)
{
    private const SocketOptionLevel Udp = (SocketOptionLevel)17;
    private const int UdpSegment = 103;
    private const int LargestSegment = 1444;
    public const int MostSegments = 64;
    private const int MostOctets = 65_000;
    private const int MostUnderWay = 512;
    private const int ReceiveQueue = 64 << 20;

    private static readonly TimeSpan _perFlow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _lost = TimeSpan.FromMilliseconds(500);

    // No scheduler keeps a data plane or a receiver waiting for longer.
    private static readonly TimeSpan _lostForGood = TimeSpan.FromSeconds(5);

    private readonly DatagramPattern _pattern = new();
    private long _received;
    private long _wrong;
    private volatile bool _ends;

    // Datagrams that are not waited for any more.
    private long _given;

    /// <summary>Set when the receiver takes datagrams.</summary>
    public ManualResetEventSlim IsReceiving { get; } = new();

    public long Sent { get; private set; }

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Datagrams that are not as they were sent.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>In the sender's namespace: sends for a while, then waits for what is under way.</summary>
    public long Send(TimeSpan time)
    {
        IsReceiving.Wait();
        var random = new Random(1);
        var buffer = new byte[MostOctets];
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            SendFlow(random, buffer);
        }

        // What seemed lost may have waited in a queue all the same.
        _given = 0;
        WaitFor(Sent, _lostForGood);
        _ends = true;
        return Sent;
    }

    /// <summary>In the receiver's namespace: takes datagrams until the sender is done.</summary>
    public long Receive()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = ReceiveQueue;
        socket.ReceiveTimeout = 100;
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        IsReceiving.Set();
        var buffer = new byte[1 << 16];
        while (!_ends)
        {
            if (socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead))
            {
                Take(buffer.AsSpan(0, socket.Receive(buffer)));
            }
        }

        return Received;
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        if (_pattern.Read(datagram) is null)
        {
            Interlocked.Increment(ref _wrong);
        }

        Interlocked.Increment(ref _received);
    }

    private void SendFlow(Random random, byte[] buffer)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(target, port);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < _perFlow)
        {
            var segment = random.Next(DatagramPattern.LeastSize, LargestSegment + 1);
            var count = random.Next(1, Math.Min(MostSegments, MostOctets / segment) + 1);
            var last = random.Next(DatagramPattern.LeastSize, segment + 1);
            for (var i = 0; i < count; i++)
            {
                _pattern.Write((ulong)(Sent + i), buffer.AsSpan(i * segment, i == count - 1 ? last : segment));
            }

            socket.SetRawSocketOption((int)Udp, UdpSegment, BitConverter.GetBytes(segment));
            socket.Send(buffer.AsSpan(0, ((count - 1) * segment) + last));
            Sent += count;
            WaitFor(Sent - MostUnderWay, _lost);
        }
    }

    // Where nothing comes for so long, what is missing is lost, and counted when all is over.
    private void WaitFor(long number, TimeSpan patience)
    {
        var newest = Received;
        var since = Stopwatch.GetTimestamp();
        while (Received + _given < number && Stopwatch.GetElapsedTime(since) < patience)
        {
            Thread.Yield();
            if (Received != newest)
            {
                newest = Received;
                since = Stopwatch.GetTimestamp();
            }
        }

        _given = Math.Max(_given, number - Received);
    }
}
