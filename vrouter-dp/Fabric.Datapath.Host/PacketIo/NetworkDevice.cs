using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>A network device of this namespace as it is now. Its index tells it from a later one of the same name.</summary>
internal readonly record struct NetworkDevice(string Name, uint Index)
{
    private const int NameSize = 16;
    private const int RequestSize = 40;

    // Of the thread's own network namespace: eight columns of what was received, then bytes, packets, errors and drops of what was sent.
    private const string CountersFile = "/proc/thread-self/net/dev";
    private const int TransmitDropColumn = 11;

    public static NetworkDevice? Find(string name) => Libc.InterfaceIndex(name) is var index and > 0 ? new(name, index) : null;

    /// <summary>The device of an index, whatever it is called now.</summary>
    public static unsafe NetworkDevice? Find(uint index)
    {
        var name = stackalloc byte[NameSize];
        return Libc.InterfaceName(index, name) == 0 ? null : new(Marshal.PtrToStringUTF8((nint)name)!, index);
    }

    /// <summary>Packets that found the device's queue full, as the kernel counts them; 0 for a device that is gone.</summary>
    public ulong CountLostOnTransmit()
    {
        var start = $"{Name}:";
        var line = File.ReadLines(CountersFile)
            .Select(static line => line.Trim())
            .FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
        var columns = line?[start.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return columns.Length > TransmitDropColumn ? ulong.Parse(columns[TransmitDropColumn], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Sets the device up if it is down; a port's MTU and addresses are not ours to change.</summary>
    /// <param name="socket">Any socket of this network namespace.</param>
    /// <exception cref="IOException">The device is gone, or this process may not change it.</exception>
    public unsafe void BringUp(Descriptor socket)
    {
        // For these requests a 16-bit set of flags stands behind the name.
        byte* request = stackalloc byte[RequestSize];
        WriteName(new Span<byte>(request, RequestSize));
        if (Libc.Control(socket, LinuxConstants.GetInterfaceFlags, request) < 0)
        {
            throw SystemError.Exception($"cannot read the flags of {Name}");
        }

        var flags = (short*)(request + NameSize);
        if ((*flags & LinuxConstants.InterfaceUp) != 0)
        {
            return;
        }

        *flags |= LinuxConstants.InterfaceUp;
        if (Libc.Control(socket, LinuxConstants.SetInterfaceFlags, request) < 0)
        {
            throw SystemError.Exception($"cannot set {Name} up");
        }
    }

    /// <summary>Sets the MTU of a device of our own.</summary>
    /// <exception cref="IOException">The device is gone, or this process may not change it.</exception>
    public unsafe void SetMtu(Descriptor socket, int mtu)
    {
        byte* request = stackalloc byte[RequestSize];
        WriteName(new Span<byte>(request, RequestSize));
        *(int*)(request + NameSize) = mtu;
        if (Libc.Control(socket, LinuxConstants.SetInterfaceMtu, request) < 0)
        {
            throw SystemError.Exception($"cannot set the MTU of {Name}");
        }
    }

    /// <summary>Whether frames of the device have an Ethernet header; false for a device that is gone.</summary>
    /// <param name="socket">Any socket of this network namespace.</param>
    public unsafe bool IsEthernet(Descriptor socket)
    {
        byte* request = stackalloc byte[RequestSize];
        WriteName(new Span<byte>(request, RequestSize));
        return Libc.Control(socket, LinuxConstants.GetHardwareAddress, request) == 0
            && *(ushort*)(request + NameSize) == LinuxConstants.HardwareEthernet;
    }

    // struct ifreq: the name, then what the request is about.
    private void WriteName(Span<byte> request)
    {
        request.Clear();
        Encoding.UTF8.GetBytes(Name, request[..(NameSize - 1)]);
    }

    /// <summary>Keeps the host's own IPv6 (router solicitations, neighbour discovery) off the device. A kernel without IPv6 has nothing to switch off.</summary>
    public void DisableIpv6()
    {
        var switchFile = $"/proc/sys/net/ipv6/conf/{Name}/disable_ipv6";
        if (File.Exists(switchFile))
        {
            File.WriteAllText(switchFile, "1");
        }
    }
}
