namespace Fabric.EndToEnd;

/// <summary>
/// A network namespace that stands for a host: loopback, an uplink "up0" with 192.0.2.11 whose other end nobody hears, and the programs that were started there,
/// with their folders in a temporary one. All of it is removed with it.
/// </summary>
internal sealed class HostNamespace(string purpose) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-e2e-");
    private readonly List<ProgramRun> _runs = [];

    public string Name { get; } = $"fabric-e2e-{purpose}-{Environment.ProcessId}";

    public string Folder => _folder.FullName;

    public bool HasLostAProgram => _runs.Any(static run => run.HasExited);

    /// <summary>What the programs printed, one behind the other.</summary>
    public string Output => string.Join('\n', _runs.Select(static run => run.Output));

    public Task MakeAsync() =>
        ShellAsync(
            $"ip netns add {Name} && ip -n {Name} link set lo up && ip -n {Name} link add up0 type veth peer up1 && "
                + $"ip -n {Name} address add 192.0.2.11/24 dev up0 && ip -n {Name} link set up0 up && ip -n {Name} link set up1 up"
        );

    /// <summary>Starts one of ours with these options, as a part of a node.</summary>
    public void Start(string node, string program, string options)
    {
        var name = Path.GetFileNameWithoutExtension(program);
        var file = Path.Combine(Folder, $"{name}.yaml");
        var state = name == "fabric-dp" ? "" : $"state-dir: {Folder}/state/{name}\n";
        File.WriteAllText(file, $"node: {node}\nrun-dir: {Folder}/{node}\n{state}{options}");
        Keep(ProgramRun.In(Name, "dotnet", program, "--config", file));
    }

    /// <summary>A program that runs for as long as the host.</summary>
    public void Keep(ProgramRun run) => _runs.Add(run);

    public static async Task ShellAsync(string command)
    {
        using var run = ProgramRun.Of("sh", "-c", command);
        Assert.That(await run.ExitCodeAsync(), Is.Zero, $"{command}: {run.Output}");
    }

    public void Dispose()
    {
        foreach (var run in _runs)
        {
            run.Dispose();
        }

        ShellAsync(
                $"nsenter --net=/run/netns/{Name} dotnet {Programs.DataPlane} --config {Folder}/fabric-dp.yaml --detach; ip netns del {Name}; "
                    + $"umount {Folder}/bpf/host1 2>/dev/null; true"
            )
            .GetAwaiter()
            .GetResult();
        _folder.Delete(recursive: true);
    }
}
