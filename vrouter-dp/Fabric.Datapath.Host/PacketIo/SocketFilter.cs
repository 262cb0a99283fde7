using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Classic BPF programs (Documentation/networking/filter.rst) that keep packets which are not ours from being copied at all.
/// An instruction is struct sock_filter: code, jump if true, jump if false, operand.
/// </summary>
internal static class SocketFilter
{
    /// <summary>What is left of a frame with a VLAN tag: its two addresses.</summary>
    public const int TaggedLength = 12;

    private const ushort LoadWord = 0x20;
    private const ushort LoadHalf = 0x28;
    private const ushort LoadByte = 0x30;
    private const ushort LoadHalfBehindHeader = 0x48;
    private const ushort LoadHeaderLength = 0xB1;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;
    private const uint WholePacket = 0x40000;

    // SKF_AD_OFF and its fields: facts about the packet that are not in its bytes.
    private const uint Ancillary = 0xFFFF_F000;
    private const uint Protocol = Ancillary;
    private const uint PacketType = Ancillary + 4;
    private const uint VlanTagPresent = Ancillary + 48;

    private const uint EtherTypeIpv4 = 0x0800;
    private const uint PacketToHost = 0;
    private const uint PacketOutgoing = 4;
    private const uint ProtocolGre = 47;
    private const uint ProtocolUdp = 17;
    private const uint PortMplsOverUdp = 6635;
    private const uint FragmentOffset = 0x1FFF;

    /// <summary>
    /// Frames; of one with a VLAN tag its first <see cref="TaggedLength"/> octets only, and no other is so short: the kernel takes the tag out of the frame
    /// before a packet socket sees it, so a tagged frame would pass for an untagged one. None that this host sends: kernels before 6.2 give those to a
    /// group of sockets.
    /// </summary>
    public static Instruction[] Frames() =>
        [
            new(LoadWord, 0, 0, PacketType),
            new(JumpIfEqual, 4, 0, PacketOutgoing),
            new(LoadWord, 0, 0, VlanTagPresent),
            new(JumpIfEqual, 1, 0, 0),
            new(Return, 0, 0, TaggedLength),
            new(Return, 0, 0, WholePacket),
            new(Return, 0, 0, 0),
        ];

    /// <summary>
    /// GRE packets, and UDP packets to the port of MPLS (RFC 7510), sent to this host's tunnel source. Fragments behind the first of a datagram have no port.
    /// </summary>
    /// <param name="tunnelSource">The address.</param>
    /// <param name="linkHeader">Bytes before the IPv4 header: 0 for SOCK_DGRAM.</param>
    public static Instruction[] TunnelsTo(uint tunnelSource, uint linkHeader) =>
        [
            new(LoadWord, 0, 0, Protocol),
            new(JumpIfEqual, 0, 13, EtherTypeIpv4),
            new(LoadWord, 0, 0, PacketType),
            new(JumpIfEqual, 0, 11, PacketToHost),
            new(LoadWord, 0, 0, linkHeader + 16),
            new(JumpIfEqual, 0, 9, tunnelSource),
            new(LoadByte, 0, 0, linkHeader + 9),
            new(JumpIfEqual, 6, 0, ProtocolGre),
            new(JumpIfEqual, 0, 6, ProtocolUdp),
            new(LoadHalf, 0, 0, linkHeader + 6),
            new(JumpIfAnyBit, 4, 0, FragmentOffset),
            new(LoadHeaderLength, 0, 0, linkHeader),
            new(LoadHalfBehindHeader, 0, 0, linkHeader + 2),
            new(JumpIfEqual, 0, 1, PortMplsOverUdp),
            new(Return, 0, 0, WholePacket),
            new(Return, 0, 0, 0),
        ];

    /// <summary>For a socket that only sends, or is to take nothing.</summary>
    public static Instruction[] Nothing() => [new(Return, 0, 0, 0)];

    public static Instruction[] Everything() => [new(Return, 0, 0, WholePacket)];

    /// <summary>Gives a socket its filter; false with the system's error set.</summary>
    public static bool TryAttach(Descriptor socket, Instruction[] program) =>
        TrySet(socket, LinuxConstants.LevelSocket, LinuxConstants.OptionAttachFilter, program);

    /// <summary>Gives a program to an option of a socket; false with the system's error set.</summary>
    public static unsafe bool TrySet(Descriptor socket, int level, int option, Instruction[] program)
    {
        fixed (Instruction* instructions = program)
        {
            var header = new FilterProgram { Length = (ushort)program.Length, Instructions = instructions };
            return Libc.SetSocketOption(socket, level, option, &header, (uint)sizeof(FilterProgram)) == 0;
        }
    }

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    /// <summary>struct sock_fprog.</summary>
    private unsafe struct FilterProgram
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}
