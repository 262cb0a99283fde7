using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.Netlink;

/// <summary>
/// Rings when a device, an IPv4 address or an IPv4 route of this namespace came, went or changed (rtnetlink multicast). What changed is
/// looked up, not read.
/// </summary>
internal sealed unsafe class NetworkMonitor : IDisposable
{
    private const int BufferSize = 8192;

    /// <exception cref="IOException">The kernel gives no netlink socket.</exception>
    public NetworkMonitor()
    {
        Descriptor = Libc.Socket(
            LinuxConstants.AddressFamilyNetlink,
            LinuxConstants.SocketRaw | LinuxConstants.SocketNonBlock | LinuxConstants.SocketCloseOnExec,
            LinuxConstants.NetlinkRoute
        );
        var address = new NetlinkAddress
        {
            Family = LinuxConstants.AddressFamilyNetlink,
            Groups = LinuxConstants.NetlinkGroupLink | LinuxConstants.NetlinkGroupIpv4Address | LinuxConstants.NetlinkGroupIpv4Route,
        };
        if (Descriptor.IsInvalid || Libc.Bind(Descriptor, &address, (uint)sizeof(NetlinkAddress)) < 0)
        {
            throw SystemError.Exception("cannot listen for changes of network devices and routes");
        }
    }

    public Descriptor Descriptor { get; }

    /// <summary>Empties the queue. An overrun of it (ENOBUFS) is a change too, and cleared by the read that reports it.</summary>
    public void Drain()
    {
        byte* buffer = stackalloc byte[BufferSize];
        while (Libc.Read(Descriptor, buffer, BufferSize) > 0) { }
    }

    public void Dispose() => Descriptor.Dispose();

    /// <summary>struct sockaddr_nl.</summary>
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint PortId;
        public uint Groups;
    }
}
