using System.Diagnostics;
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
        Assert.That(SystemCalls.Unshare(SystemCalls.NewNetwork), Is.Zero, "a network namespace needs CAP_SYS_ADMIN");
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

    public static void Ip(string arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var error = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        Assert.That(ip.ExitCode, Is.Zero, $"ip {arguments}: {error}");
    }

    public void Dispose()
    {
        SystemCalls.Enter(before, SystemCalls.NewNetwork);
        before.Dispose();
    }
}
