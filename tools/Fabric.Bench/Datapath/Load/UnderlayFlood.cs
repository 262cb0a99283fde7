using System.Diagnostics;
using System.Runtime.InteropServices;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Bench.Datapath.Load;

/// <summary>
/// What somebody in the underlay may send to host A, no two packets of one connection, of four kinds in turn: new connections of machine B to machine C; the
/// same in UDP with a checksum, which the kernel's programs do not look behind; packets to C of hosts and machines that are made up; and packets to a
/// label that is nobody's. All memory is taken at the start; one thread sends.
/// </summary>
internal sealed unsafe class UnderlayFlood : IDisposable
{
    private const int BatchSize = 64;
    private const int Kinds = 4;
    private const int InnerSize = Ipv4Header.Size + UdpHeader.Size;
    private const int GreSize = Ipv4Header.Size + GreHeader.Size + MplsLabelEntry.Size + InnerSize;
    private const int UdpSize = Ipv4Header.Size + UdpHeader.Size + MplsLabelEntry.Size + InnerSize;
    private const uint NobodysLabel = 999;

    // 198.18.0.0/15, for benchmarks (RFC 2544); 0x1FFFF addresses.
    private const uint MadeUp = 0xC612_0000;
    private const uint MadeUpMask = 0x1_FFFF;

    private readonly NativeSocket _socket;
    private readonly byte* _packets = (byte*)NativeMemory.AllocZeroed(BatchSize, UdpSize);
    private readonly IoVector* _vectors = (IoVector*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(IoVector));
    private readonly MessageSlot* _slots = (MessageSlot*)NativeMemory.AllocZeroed(BatchSize, (nuint)sizeof(MessageSlot));
    private uint _number;

    /// <summary>Call it in the namespace of a host that reaches host A.</summary>
    public UnderlayFlood()
    {
        _socket = NativeSocket.RawIpv4();
        if (!_socket.TryConnect(Place.HostA, port: 0))
        {
            throw new BenchException("there is no way to host A");
        }

        for (var i = 0; i < BatchSize; i++)
        {
            _vectors[i].Base = _packets + i * UdpSize;
            _slots[i].Vectors = &_vectors[i];
            _slots[i].VectorCount = 1;
        }
    }

    /// <summary>Sends until told to stop.</summary>
    /// <param name="rate">Packets a second.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>Packets that the kernel took.</returns>
    public long Send(double rate, CancellationToken stop)
    {
        var sent = 0L;
        var start = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (sent > rate * Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                Thread.Sleep(1);
                continue;
            }

            for (var i = 0; i < BatchSize; i++)
            {
                _vectors[i].Length = (nuint)Write(new Span<byte>(_packets + i * UdpSize, UdpSize), _number++);
            }

            sent += Math.Max(0, _socket.Send(_slots, BatchSize));
        }

        return sent;
    }

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_slots);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_packets);
    }

    /// <returns>Bytes of the packet.</returns>
    private static int Write(Span<byte> packet, uint number)
    {
        var address = MadeUp | number / Kinds & MadeUpMask;
        switch (number % Kinds)
        {
            case 0:
                return WriteOverGre(packet, Place.HostB, Place.VmC.Label, Place.VmB.Address, number);
            case 1:
                return WriteOverUdp(packet, number);
            case 2:
                return WriteOverGre(packet, address, Place.VmC.Label, address, number);
            default:
                return WriteOverGre(packet, address, NobodysLabel, address, number);
        }
    }

    private static int WriteOverGre(Span<byte> packet, uint host, uint label, uint source, uint number)
    {
        WriteLabelled(packet[(Ipv4Header.Size + GreHeader.Size)..], label, source, number);
        GreHeader.Write(packet[Ipv4Header.Size..], EtherType.MplsUnicast);
        Ipv4Header.Write(packet, GreSize, 0, Ipv4Header.DontFragment, 64, IpProtocol.Gre, host, Place.HostA);
        return GreSize;
    }

    private static int WriteOverUdp(Span<byte> packet, uint number)
    {
        WriteLabelled(packet[(Ipv4Header.Size + UdpHeader.Size)..], Place.VmC.Label, Place.VmB.Address, number);
        UdpHeader.Write(packet[Ipv4Header.Size..], 50_000, UdpPort.MplsOverUdp, Place.HostB, Place.HostA);
        Ipv4Header.Write(packet, UdpSize, 0, Ipv4Header.DontFragment, 64, IpProtocol.Udp, Place.HostB, Place.HostA);
        return UdpSize;
    }

    // Each number has a pair of ports of its own.
    private static void WriteLabelled(Span<byte> labelled, uint label, uint source, uint number)
    {
        new MplsLabelEntry(new MplsLabel(label), 0, IsBottomOfStack: true, 64).Write(labelled);
        var packet = labelled[MplsLabelEntry.Size..];
        var datagram = packet.Slice(Ipv4Header.Size, UdpHeader.Size);
        var (high, low) = Math.DivRem(number, (uint)UdpFlows.PortsPerSocket);
        UdpHeader.Write(datagram, (ushort)(1024 + high), (ushort)(UdpFlows.FirstPort + low), source, Place.VmC.Address);
        Ipv4Header.Write(packet, InnerSize, 0, Ipv4Header.DontFragment, 64, IpProtocol.Udp, source, Place.VmC.Address);
    }
}
