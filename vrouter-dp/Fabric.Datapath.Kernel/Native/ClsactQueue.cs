using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>What libbpf does not say of a device's clsact queue.</summary>
internal static unsafe class ClsactQueue
{
    private const int AddressFamilyNetlink = 16;
    private const int SocketRaw = 3;
    private const int SocketCloseOnExec = 0x80000;
    private const int ProtocolRoute = 0;
    private const ushort NewFilter = 44;
    private const ushort GetFilter = 46;
    private const ushort DumpRequest = 0x301;
    private const uint Ingress = 0xFFFF_FFF2;
    private const uint Egress = 0xFFFF_FFF3;
    private const int AnswerSize = 32_768;

    /// <summary>Whether anybody has a filter there. True too where the kernel does not say.</summary>
    public static bool HasFilters(uint interfaceIndex)
    {
        using var socket = Libc.Socket(AddressFamilyNetlink, SocketRaw | SocketCloseOnExec, ProtocolRoute);
        return HasFilters(socket, interfaceIndex, Ingress) || HasFilters(socket, interfaceIndex, Egress);
    }

    private static bool HasFilters(Descriptor socket, uint interfaceIndex, uint parent)
    {
        var request = new FilterRequest
        {
            Length = (uint)Unsafe.SizeOf<FilterRequest>(),
            Type = GetFilter,
            Flags = DumpRequest,
            InterfaceIndex = (int)interfaceIndex,
            Parent = parent,
        };
        var answer = stackalloc byte[AnswerSize];
        if (socket.IsInvalid || Libc.Send(socket, &request, request.Length, 0) < 0)
        {
            return true;
        }

        // The filters are in the first answer, if there are any: else that is the end of the list. Nothing more is read from a socket that saw one.
        return Libc.Receive(socket, answer, AnswerSize, 0) < Unsafe.SizeOf<MessageHeader>() || ((MessageHeader*)answer)->Type == NewFilter;
    }

    /// <summary>struct nlmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public uint Length;
        public ushort Type;
        public ushort Flags;
        public uint Sequence;
        public uint Port;
    }

    /// <summary>The same, and struct tcmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterRequest
    {
        public uint Length;
        public ushort Type;
        public ushort Flags;
        public uint Sequence;
        public uint Port;
        public uint Family;
        public int InterfaceIndex;
        public uint Handle;
        public uint Parent;
        public uint Information;
    }
}
