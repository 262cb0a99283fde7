using Fabric.Lab.Machine;

namespace Fabric.Interop.Machine;

/// <summary>
/// One Ethernet segment with speakers on it, each in a network namespace of its own, wired to a bridge in another one. Its names hold the process
/// id, so that two runs on one machine don't meet. Disposing ends every process inside and removes all of it.
/// </summary>
internal sealed class Lan : IAsyncDisposable
{
    private const string Prefix = "interop";
    private static int s_made;

    private readonly string _prefix = $"{Prefix}{Environment.ProcessId}x{Interlocked.Increment(ref s_made)}-";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-interop-");
    private readonly NetworkNamespace _bridge;
    private readonly List<LanNode> _nodes = [];

    private Lan() => _bridge = new NetworkNamespace($"{_prefix}lan");

    public static async Task<Lan> CreateAsync()
    {
        await RemoveLeftoversAsync();
        var lan = new Lan();
        // Daemons that change their user read and write below it.
        File.SetUnixFileMode(lan._folder.FullName, (UnixFileMode)0b111_101_101);
        await Command.MustAsync("ip", "netns", "add", lan._bridge.Name);
        await lan._bridge.ConfigureAsync("link add br0 type bridge", "link set br0 up");
        return lan;
    }

    /// <summary>A run that was killed has removed nothing.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var space in await NetworkNamespace.WithPrefixAsync(Prefix))
        {
            if (!Directory.Exists($"/proc/{space.Name[Prefix.Length..].Split('x')[0]}"))
            {
                await space.RemoveAsync();
            }
        }
    }

    /// <summary>Adds a machine: 10.7.0.N and fd07::N, N from 1 in the order of calls.</summary>
    public async Task<LanNode> AddAsync(string name)
    {
        var number = _nodes.Count + 1;
        var space = new NetworkNamespace(_prefix + name);
        var node = new LanNode(name, number, space, _folder.CreateSubdirectory(name).FullName);
        await Command.MustAsync("ip", "netns", "add", space.Name);
        _nodes.Add(node);
        await space.ConfigureAsync($"link add eth0 type veth peer name port{number} netns {_bridge.Name}");
        await _bridge.ConfigureAsync($"link set port{number} master br0 up");
        await space.ConfigureAsync(
            "link set lo up",
            $"address add {node.Address}/16 dev eth0",
            $"address add {node.Address6}/64 dev eth0 nodad",
            "link set eth0 up"
        );
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.Namespace).Append(_bridge).Select(space => space.RemoveAsync()));
        _folder.Delete(recursive: true);
    }
}
