using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.Netlink;

/// <summary>Where the host's own routing sends packets to an address: the neighbour (the address itself on a connected network) and the device.</summary>
internal readonly record struct UnderlayRoute(uint Neighbour, uint Device);

/// <summary>What kind of device a link is (IFLA_INFO_KIND: veth, tun, ...; empty for hardware), and whether its other end is in another namespace.</summary>
internal readonly record struct LinkKind(string Name, bool HasPeerElsewhere);

/// <summary>Questions to the kernel's routing (rtnetlink, rtnetlink(7)) in this network namespace; each is answered at once.</summary>
internal sealed unsafe class RouteNetlink : IDisposable
{
    private const ushort GetLink = 18;
    private const ushort NewLink = 16;
    private const ushort GetRoute = 26;
    private const ushort NewRoute = 24;
    private const int RouteHeaderSize = 12;
    private const int LinkHeaderSize = 16;
    private const ushort RouteDestination = 1;
    private const ushort RouteDevice = 4;
    private const ushort RouteGateway = 5;
    private const ushort RouteGatewayOfOtherFamily = 18;
    private const byte UnicastRoute = 1;
    private const ushort LinkInformation = 18;
    private const ushort LinkInformationKind = 1;
    private const ushort LinkPeerNamespace = 37;
    private const int BufferSize = 16_384;

    private readonly Descriptor _socket;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <exception cref="IOException">The kernel gives no netlink socket.</exception>
    public RouteNetlink()
    {
        _socket = Libc.Socket(
            LinuxConstants.AddressFamilyNetlink,
            LinuxConstants.SocketRaw | LinuxConstants.SocketNonBlock | LinuxConstants.SocketCloseOnExec,
            LinuxConstants.NetlinkRoute
        );
        if (_socket.IsInvalid)
        {
            throw SystemError.Exception("cannot open a netlink socket");
        }
    }

    /// <summary>The route to an IPv4 address; null when there is none, or none that leads to an IPv4 neighbour.</summary>
    public UnderlayRoute? FindRoute(uint destination)
    {
        Span<byte> header = stackalloc byte[RouteHeaderSize];
        header.Clear();
        header[0] = LinuxConstants.AddressFamilyInet;
        header[1] = 32;
        Span<byte> message = stackalloc byte[64];
        var request = new NetlinkRequest(message, GetRoute, header);
        request.AddAddress(RouteDestination, destination);
        if (!TryAsk(request.Finish(), NewRoute, RouteHeaderSize, out var answer) || answer.Body[7] != UnicastRoute)
        {
            return null;
        }

        var device = answer.Attribute(RouteHeaderSize, RouteDevice);
        var gateway = answer.Attribute(RouteHeaderSize, RouteGateway);
        return device.Length != sizeof(uint) || !answer.Attribute(RouteHeaderSize, RouteGatewayOfOtherFamily).IsEmpty
            ? null
            : new UnderlayRoute(
                gateway.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(gateway) : destination,
                MemoryMarshal.Read<uint>(device)
            );
    }

    /// <summary>What a device is; null when there is none with this index.</summary>
    public LinkKind? FindKind(uint device)
    {
        Span<byte> header = stackalloc byte[LinkHeaderSize];
        header.Clear();
        MemoryMarshal.Write(header[4..], device);
        Span<byte> message = stackalloc byte[64];
        var request = new NetlinkRequest(message, GetLink, header);
        if (!TryAsk(request.Finish(), NewLink, LinkHeaderSize, out var answer))
        {
            return null;
        }

        var kind = NetlinkAnswer.Find(answer.Attribute(LinkHeaderSize, LinkInformation), LinkInformationKind);
        return new LinkKind(Encoding.ASCII.GetString(kind.TrimEnd((byte)0)), !answer.Attribute(LinkHeaderSize, LinkPeerNamespace).IsEmpty);
    }

    public void Dispose() => _socket.Dispose();

    private bool TryAsk(ReadOnlySpan<byte> request, ushort expected, int familyHeaderSize, out NetlinkAnswer answer)
    {
        answer = default;
        fixed (byte* bytes = request)
        {
            if (Libc.Write(_socket, bytes, request.Length) != request.Length)
            {
                return false;
            }
        }

        fixed (byte* buffer = _buffer)
        {
            var length = Libc.Read(_socket, buffer, BufferSize);
            return length > 0
                && NetlinkAnswer.TryRead(_buffer.AsSpan(0, (int)length), out answer)
                && answer.Type == expected
                && answer.Body.Length >= familyHeaderSize;
        }
    }
}
