using System.Diagnostics;
using System.Runtime.InteropServices;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Load;

/// <summary>
/// Sends small datagrams as fast as the kernel takes them, or at a rate: over one flow, or over many in turn, a port pair each. Frames have
/// 60 bytes, the least that Ethernet carries. All memory is taken at the start; one thread sends.
/// </summary>
internal sealed unsafe class UdpFlows : IDisposable
{
    public const ushort FirstPort = 20_000;
    public const int PortsPerSocket = 40_000;

    private const int BatchSize = 64;
    private const int PayloadSize = 18;

    // One socket's datagrams have this source port, the next one's the next.
    private readonly NativeSocket[] _sockets;
    private readonly int _ports;
    private readonly uint _target;
    private readonly MessageSlot* _slots;
    private readonly InternetAddress* _names;
    private readonly IoVector* _vector;
    private readonly byte* _payload;
    private int _socket;
    private int _port;

    /// <summary>Call it in the namespace of the sender.</summary>
    public UdpFlows(uint source, uint target, ushort sourcePort, int flows)
    {
        _target = target;
        _ports = Math.Min(flows, PortsPerSocket);
        _sockets = new NativeSocket[(flows + _ports - 1) / _ports];
        for (var i = 0; i < _sockets.Length; i++)
        {
            _sockets[i] = NativeSocket.Udp();
            _sockets[i].Bind(source, (ushort)(sourcePort + i));
        }

        _payload = (byte*)NativeMemory.AllocZeroed(PayloadSize);
        _vector = (IoVector*)NativeMemory.AllocZeroed((nuint)sizeof(IoVector));
        *_vector = new IoVector { Base = _payload, Length = PayloadSize };
        _names = (InternetAddress*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(InternetAddress));
        _slots = (MessageSlot*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(MessageSlot));
        for (var i = 0; i < BatchSize; i++)
        {
            _slots[i].Vectors = _vector;
            _slots[i].VectorCount = 1;
        }

        Address();
    }

    public int Count => _ports * _sockets.Length;

    /// <summary>Sends until told to stop, or until <paramref name="most"/> were sent.</summary>
    /// <param name="rate">Datagrams a second; null: as many as go.</param>
    /// <param name="most">Each flow has had one after <see cref="Count"/>.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Datagrams that the kernel took.</returns>
    public long Send(double? rate, long most, CancellationToken stop)
    {
        var sent = 0L;
        var start = Stopwatch.GetTimestamp();
        while (sent < most && !stop.IsCancellationRequested)
        {
            if (rate is { } limit && sent > limit * Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                Thread.Sleep(1);
                continue;
            }

            var size = Math.Min(BatchSize, Count == 1 ? BatchSize : _ports - _port);
            Name(size);
            sent += Math.Max(0, _sockets[_socket].Send(_slots, size));
            Advance(size);
        }

        return sent;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        NativeMemory.Free(_slots);
        NativeMemory.Free(_names);
        NativeMemory.Free(_vector);
        NativeMemory.Free(_payload);
    }

    // One flow is a connected socket: the kernel looks its route up once.
    private void Address()
    {
        if (Count == 1)
        {
            _sockets[0].TryConnect(_target, FirstPort);
            return;
        }

        for (var i = 0; i < BatchSize; i++)
        {
            _slots[i].Name = &_names[i];
            _slots[i].NameLength = (uint)sizeof(InternetAddress);
        }
    }

    private void Name(int size)
    {
        if (Count > 1)
        {
            for (var i = 0; i < size; i++)
            {
                _names[i] = new InternetAddress(_target, (ushort)(FirstPort + _port + i));
            }
        }
    }

    private void Advance(int size)
    {
        if (Count > 1 && (_port += size) == _ports)
        {
            _port = 0;
            _socket = (_socket + 1) % _sockets.Length;
        }
    }
}
