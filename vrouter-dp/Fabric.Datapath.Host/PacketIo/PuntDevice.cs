using System.Runtime.InteropServices;
using System.Text;
using Fabric.Datapath.Host.Native;
using Fabric.Datapath.Kernel.Punts;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A tap to which the kernel's programs send packets that the ring of punts does not take: super-packets, with their offloads in the
/// virtio header, and what only this process answers (ARP, DHCP). Each frame has a <see cref="PuntFrame"/> in front. The device goes with
/// the process.
/// </summary>
internal sealed unsafe class PuntDevice : IDisposable
{
    /// <summary>A whole super-packet.</summary>
    public const int Mtu = 65_521;

    private const int Headroom = 128;
    private const int MaxFrame = 65_536 + 64;
    private const int RequestSize = 40;
    private const int FlagsOffset = 16;

    private readonly Descriptor _tap;
    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(Headroom + MaxFrame, 64);

    /// <summary>Makes the device, under the first free name, in this network namespace and sets it up.</summary>
    /// <exception cref="IOException">There is no /dev/net/tun, or the right CAP_NET_ADMIN is missing.</exception>
    public PuntDevice()
    {
        _tap = Libc.Open("/dev/net/tun", LinuxConstants.OpenReadWrite | LinuxConstants.OpenNonBlock | LinuxConstants.OpenCloseOnExec);
        if (_tap.IsInvalid)
        {
            throw SystemError.Exception("cannot open /dev/net/tun");
        }

        byte* request = stackalloc byte[RequestSize];
        var bytes = new Span<byte>(request, RequestSize);
        bytes.Clear();
        "punt%d"u8.CopyTo(bytes);
        *(ushort*)(request + FlagsOffset) = LinuxConstants.TapFlags;
        if (Libc.Control(_tap, LinuxConstants.SetTapInterface, request) < 0)
        {
            throw SystemError.Exception("cannot make the device for punted packets");
        }

        AcceptOffloads();
        var name = Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
        Device = NetworkDevice.Find(name) ?? throw new IOException($"the device {name} was removed");
        Device.DisableIpv6();
    }

    public NetworkDevice Device { get; }

    public Descriptor Descriptor => _tap;

    /// <summary>Takes the next punted frame; false when there is none, or what came is no punt of ours.</summary>
    /// <param name="punt">Where it came in, and why it comes up.</param>
    /// <param name="offload">What its sender left to do; offsets count from the frame's Ethernet header.</param>
    /// <param name="frame">The frame, valid until the next call.</param>
    public bool TryRead(out PuntFrame punt, out PacketOffload offload, out PacketBuffer frame)
    {
        punt = default;
        offload = default;
        frame = default;
        const int Headers = VirtioNetHeader.Size + PuntFrame.Size;
        var start = _buffer + Headroom - Headers;
        var length = (int)Libc.Read(_tap, start, Headers + MaxFrame);
        if (
            length < Headers
            || !PuntFrame.TryRead(new ReadOnlySpan<byte>(start + VirtioNetHeader.Size, PuntFrame.Size), out punt)
            || !((VirtioNetHeader*)start)->TryGetOffload(out offload)
        )
        {
            return false;
        }

        offload = offload.Behind(PuntFrame.Size);

        frame = new PacketBuffer(new Span<byte>(_buffer, Headroom + MaxFrame), Headroom, length - Headers);
        return true;
    }

    public void Dispose()
    {
        _tap.Dispose();
        NativeMemory.AlignedFree(_buffer);
    }

    // Segmentation of UDP can be left to us since kernel 6.2; an older one cuts such packets up itself.
    private void AcceptOffloads()
    {
        if (Libc.Control(_tap, LinuxConstants.SetTapOffloads, (void*)(LinuxConstants.TapOffloads | LinuxConstants.TapOffloadUdp)) < 0)
        {
            _ = Libc.Control(_tap, LinuxConstants.SetTapOffloads, (void*)LinuxConstants.TapOffloads);
        }
    }
}
