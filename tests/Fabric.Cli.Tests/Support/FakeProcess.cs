using System.Text;

namespace Fabric.Cli.Tests.Support;

/// <summary>A kernel's view of one process, the one that listens at the sockets of <see cref="FakeFabric"/>.</summary>
internal sealed class FakeProcess : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fabric-proc").FullName;

    /// <param name="options">The options file.</param>
    /// <param name="log">What it has written.</param>
    /// <param name="arguments">More words of its command line.</param>
    public FakeProcess(string options = "node: host1\n", string log = "", params string[] arguments)
    {
        var process = Directory.CreateDirectory(Path.Combine(_folder, $"{Environment.ProcessId}")).FullName;
        Directory.CreateDirectory(Path.Combine(process, "fd"));
        Directory.CreateDirectory(Path.Combine(process, "ns"));
        File.WriteAllText(Path.Combine(_folder, "options.yaml"), options);
        File.WriteAllText(Path.Combine(_folder, "log"), log);
        File.WriteAllText(Path.Combine(_folder, "stat"), "cpu 1 2 3\nbtime 1000000000\n");
        File.CreateSymbolicLink(Path.Combine(process, "root"), "/");
        File.CreateSymbolicLink(Path.Combine(process, "fd", "1"), Path.Combine(_folder, "log"));
        File.CreateSymbolicLink(Path.Combine(process, "ns", "net"), "net:[7]");
        string[] words = ["/opt/fabric-dp", "--config", Path.Combine(_folder, "options.yaml"), .. arguments];
        File.WriteAllText(Path.Combine(process, "cmdline"), string.Join('\0', words) + '\0', new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(process, "stat"), $"7 (fabric dp) S {string.Join(' ', Enumerable.Range(4, 18))} 2500 0 0\n");
        File.WriteAllText(Path.Combine(process, "status"), "Name:\tfabric-dp\nVmRSS:\t  1234 kB\n");
        File.WriteAllText(Path.Combine(process, "cgroup"), "0::/system.slice/fabric-dp.service\n");
    }

    public string Folder => _folder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
