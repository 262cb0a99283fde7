using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A tap to which the kernel's programs send packets that the ring of punts does not take: super-packets, with their offloads in the
/// virtio header, and what only this process answers (ARP, DHCP). Each frame has a header in front that says where it came in:
/// <code>
///  0            6        8        12     14
/// | zero         | cause  | device | 88B5 | the frame as it came, Ethernet header first |
/// </code>
/// Cause and device (the interface index) are in network order; 0x88B5 is an EtherType for local use (IEEE 802). The device goes with the process.
/// </summary>
internal sealed unsafe class PuntDevice : IDisposable
{
    public const int HeaderSize = 14;
    private const ushort LocalEtherType = 0x88B5;
    private const int CauseOffset = 6;
    private const int DeviceOffset = 8;
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
    /// <param name="device">The interface index that it came in by.</param>
    /// <param name="offload">What its sender left to do; offsets count from the frame's Ethernet header.</param>
    /// <param name="frame">The frame, valid until the next call.</param>
    public bool TryRead(out uint device, out PacketOffload offload, out PacketBuffer frame)
    {
        device = 0;
        offload = default;
        frame = default;
        var start = _buffer + Headroom - VirtioNetHeader.Size - HeaderSize;
        var length = (int)Libc.Read(_tap, start, VirtioNetHeader.Size + HeaderSize + MaxFrame);
        var header = new ReadOnlySpan<byte>(start + VirtioNetHeader.Size, HeaderSize);
        if (
            length < VirtioNetHeader.Size + HeaderSize
            || BinaryPrimitives.ReadUInt16BigEndian(header[(HeaderSize - sizeof(ushort))..]) != LocalEtherType
            || !((VirtioNetHeader*)start)->Behind(HeaderSize).TryGetOffload(out offload)
        )
        {
            return false;
        }

        device = BinaryPrimitives.ReadUInt32BigEndian(header[DeviceOffset..]);
        frame = new PacketBuffer(new Span<byte>(_buffer, Headroom + MaxFrame), Headroom, length - VirtioNetHeader.Size - HeaderSize);
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
