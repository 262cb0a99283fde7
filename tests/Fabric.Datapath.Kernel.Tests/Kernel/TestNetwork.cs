using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>
/// A network namespace of its own, for the thread that made it: three devices of virtual machines (their other ends in the same namespace)
/// and an uplink, each with room for large packets.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    public const string UplinkMac = "02:00:00:00:00:fe";
    private const string OfThread = "/proc/thread-self/ns/net";
    private readonly SafeFileHandle before = File.OpenHandle(OfThread);

    public TestNetwork()
    {
        if (SystemCalls.Unshare(SystemCalls.NewNetwork) != 0)
        {
            Assert.Ignore("network namespaces and BPF programs need CAP_SYS_ADMIN and CAP_BPF");
        }

        foreach (var device in Devices)
        {
            Ip($"link add {device} mtu 9000 type veth peer name {device}-far mtu 9000");
            Ip($"link set {device} up");
            Ip($"link set {device}-far up");
        }

        Ip($"link set uplink address {UplinkMac}");
    }

    private static IEnumerable<string> Devices => ["vif1", "vif2", "vif3", "uplink"];

    public static uint IndexOf(string device) => SystemCalls.InterfaceIndex(device);

    public static void Ip(string arguments) => Run("ip", arguments);

    /// <summary>What tc says.</summary>
    public static string Show(string arguments) => Run("tc", arguments);

    /// <summary>Sends a frame that comes in by a device.</summary>
    public static void SendDatagramInto(string device)
    {
        Ip($"addr add 198.51.100.1/24 dev {device}-far");
        Ip($"neigh add 198.51.100.2 lladdr 02:00:00:00:00:99 dev {device}-far");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([1], new IPEndPoint(IPAddress.Parse("198.51.100.2"), 9));
    }

    public static string Run(string program, string arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {arguments}: {error}");
        return output;
    }

    public void Dispose()
    {
        SystemCalls.Enter(before, SystemCalls.NewNetwork);
        before.Dispose();
    }
}
