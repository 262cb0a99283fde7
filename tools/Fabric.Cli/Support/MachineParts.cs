using System.Text.RegularExpressions;

namespace Fabric.Cli.Support;

/// <summary>What the machine's own commands and the kernel's files say; a command that is missing is a line of the manifest.</summary>
internal sealed partial class MachineParts(BundleArchive archive, BundleSources sources, CancellationToken cancellation)
{
    private static readonly (string Name, string Command)[] s_machine =
    [
        ("kernel", "uname -a"),
        ("disk", "df -h"),
        ("processes", "ps -eo pid,ppid,stat,ni,pcpu,pmem,rss,etime,comm --sort=-pcpu"),
        ("namespaces", "ip netns list-id"),
        ("bpf-files", "ls -lR /sys/fs/bpf"),
        ("bpf-programs", "bpftool prog"),
        ("kernel-log", "dmesg --ctime"),
        ("journal", "journalctl --no-pager -o short-iso-precise -n 4000 -t fabric-control -t fabric-agent -t fabric-dp"),
    ];

    private static readonly string[] s_kernelFiles =
    [
        "loadavg",
        "uptime",
        "meminfo",
        "cpuinfo",
        "mounts",
        "modules",
        "pressure/cpu",
        "pressure/memory",
        "pressure/io",
    ];

    private static readonly (string Name, string Command)[] s_network =
    [
        ("links", "ip -d -s link"),
        ("addresses", "ip address"),
        ("routes", "ip route show table all"),
        ("rules", "ip rule"),
        ("neighbours", "ip neighbour"),
        ("sockets", "ss -tan"),
        ("nft", "nft list ruleset"),
        ("bpf-attachments", "bpftool net"),
    ];

    public async Task TakeMachineAsync()
    {
        foreach (var (name, command) in s_machine)
        {
            await RunAsync($"machine/{name}.txt", command.Split(' '));
        }

        foreach (var file in s_kernelFiles)
        {
            await archive.AddAsync($"machine/{file.Replace('/', '-')}.txt", () => ReadAsync(Path.Combine(sources.ProcessDirectory, file)));
        }

        await TakeNetworkAsync("machine/network", owner: null);
    }

    /// <param name="folder">Of the archive.</param>
    /// <param name="owner">The process whose network it is; null: the command's own.</param>
    public async Task TakeNetworkAsync(string folder, ProgramProcess? owner)
    {
        foreach (var (name, command) in s_network)
        {
            await RunAsync($"{folder}/{name}.txt", [.. Within(owner), .. command.Split(' ')]);
        }
    }

    /// <summary>The filters at both sides of each device, with their counters.</summary>
    public async Task TakeFiltersAsync(string folder, ProgramProcess? owner, IEnumerable<string> devices)
    {
        foreach (var device in devices.Where(name => DeviceName().IsMatch(name)).Take(sources.Limits.Items))
        {
            foreach (var side in (string[])["ingress", "egress"])
            {
                await RunAsync(
                    $"{folder}/filters/{device}-{side}.txt",
                    [.. Within(owner), "tc", "-s", "filter", "show", "dev", device, side]
                );
            }
        }
    }

    public Task RunAsync(string name, IReadOnlyList<string> words) =>
        archive.AddAsync(name, () => sources.Run(words, sources.Limits, cancellation));

    private static string[] Within(ProgramProcess? owner) => owner is null ? [] : ["nsenter", $"--net={owner.NetworkNamespaceFile}", "--"];

    private async Task<Finding> ReadAsync(string file)
    {
        var text = new BoundedBytes(sources.Limits.PartBytes);
        await using var stream = File.OpenRead(file);
        await text.ReadAsync(stream, cancellation);
        return new Finding(text.ToArray(), text.IsCut ? "cut" : null) { IsCut = text.IsCut };
    }

    // The name comes from a program's answer: it must not be read as an option, nor leave the archive's folder.
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$")]
    private static partial Regex DeviceName();
}
