using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>
/// A machine's tap, whose frames come in with the struct virtio_net_hdr that the machine wrote: a veth's own transmission would do what is asked there before
/// any program sees it.
/// </summary>
internal sealed unsafe class OffloadTap : IDisposable
{
    private const int HeaderSize = 10;
    private const byte NeedsChecksum = 1;
    private const byte UdpFragments = 3;
    private const int ReadWrite = 2;
    private const uint SetInterface = 0x4004_54CA;

    // IFF_TAP, IFF_NO_PI, IFF_VNET_HDR.
    private const ushort Flags = 0x5002;

    private readonly int descriptor;

    public OffloadTap(string device)
    {
        descriptor = Must(SystemCalls.Open("/dev/net/tun", ReadWrite));
        // struct ifreq: the name, then the flags.
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(device, new Span<byte>(request, 16));
        *(ushort*)(request + 16) = Flags;
        Must(SystemCalls.Control(descriptor, SetInterface, request));
        TestNetwork.Ip($"link set {device} up");
    }

    /// <summary>The machine leaves it to its device to cut a datagram over IPv4 into fragments.</summary>
    public void SendInFragments(ReadOnlySpan<byte> frame, int headers, int checksumStart, int checksumOffset, int segmentSize)
    {
        byte[] message = [.. new byte[HeaderSize], .. frame];
        (message[0], message[1]) = (NeedsChecksum, UdpFragments);
        BitConverter.TryWriteBytes(message.AsSpan(2), (ushort)headers);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)segmentSize);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)checksumStart);
        BitConverter.TryWriteBytes(message.AsSpan(8), (ushort)checksumOffset);
        fixed (byte* first = message)
        {
            Must((int)SystemCalls.Write(descriptor, first, (nuint)message.Length));
        }
    }

    public void Dispose() => _ = SystemCalls.Close(descriptor);

    private static int Must(int result) => result < 0 ? throw new Win32Exception(Marshal.GetLastPInvokeError()) : result;
}
