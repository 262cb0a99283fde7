namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A classic BPF program that says which of a group of sockets gets a packet: a number that is the same for both directions of a connection and for
/// all fragments of a packet, of which only the first has ports (bpf/worker.h is the same for the kernel's programs). What is no IPv4, or is cut
/// short, has 0. It begins at the IPv4 header.
/// </summary>
internal static class WorkerChoice
{
    private const uint EtherTypeIpv4 = 0x0800;
    private const uint FragmentBits = 0x3FFF;
    private const uint Gre = 47;
    private const uint Udp = 17;
    private const uint Tcp = 6;
    private const uint Sctp = 132;
    private const uint UdpAndLabel = 12;
    private const uint GreAndLabel = 8;

    // Cells of the scratch memory.
    private const uint Start = 0;
    private const uint SourcePort = 1;
    private const uint DestinationPort = 2;
    private const uint End = 3;
    private const uint Sum = 4;

    // Of GRE's flags: checksum, key and sequence number, four octets each.
    private static readonly uint[] _greFields = [0x8000, 0x2000, 0x1000];

    /// <param name="isOfTunnels">The packet of interest is inside GRE or UDP, behind one label.</param>
    /// <param name="seed">Keeps machines from choosing whose processor they use.</param>
    public static SocketFilter.Instruction[] Program(bool isOfTunnels, uint seed)
    {
        var program = new FilterBuilder();
        program.LoadProtocol().Unless(EtherTypeIpv4, "none");
        if (isOfTunnels)
        {
            Enter(program);
        }
        else
        {
            program.Constant(0).Store(Start);
        }

        FindPorts(program);
        Mix(program, SourcePort, address: 12, seed);
        program.Load(End).Store(Sum);
        Mix(program, DestinationPort, address: 16, seed);
        program.Load(Sum).ToX().Load(End).AddX().ShiftRight(16).ReturnA();
        return program.Label("none").Return(0).Build();
    }

    private static void Enter(FilterBuilder program)
    {
        program.HeaderLengthToX().LoadByte(9).If(Gre, "gre").Unless(Udp, "none");
        program.FromX().Add(UdpAndLabel).Store(Start).Go("inner");
        program.Label("gre").FromX().Add(GreAndLabel).Store(Start);
        foreach (var field in _greFields)
        {
            var next = $"without {field:x}";
            program.LoadHalfAtX(0).UnlessBits(field, next).Load(Start).Add(4).Store(Start).Label(next);
        }

        program.Label("inner");
    }

    private static void FindPorts(FilterBuilder program)
    {
        program.Constant(0).Store(SourcePort).Store(DestinationPort);
        program.Load(Start).ToX().LoadHalfAtX(6).IfBits(FragmentBits, "mix");
        program.LoadByteAtX(9).If(Tcp, "ports").If(Udp, "ports").Unless(Sctp, "mix").Label("ports");
        program.LoadByteAtX(0).And(0xF).ShiftLeft(2).AddX().ToX();
        program.LoadHalfAtX(0).Store(SourcePort).LoadHalfAtX(2).Store(DestinationPort).Label("mix");
    }

    // Of an address and its port, so that the sum of both ends is the same in either direction.
    private static void Mix(FilterBuilder program, uint port, uint address, uint seed)
    {
        program.Load(port).Multiply(0x9E37_79B1).Store(End);
        program.Load(Start).ToX().LoadWordAtX(address).Xor(seed).Multiply(0x85EB_CA6B).ToX();
        program.Load(End).XorX().Store(End).ShiftRight(15).ToX();
        program.Load(End).XorX().Multiply(0xC2B2_AE35).Store(End);
    }
}
