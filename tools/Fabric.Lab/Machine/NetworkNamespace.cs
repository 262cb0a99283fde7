using System.Diagnostics;

namespace Fabric.Lab.Machine;

/// <summary>A network namespace by name.</summary>
public sealed record NetworkNamespace(string Name)
{
    /// <summary>The file that stands for it.</summary>
    public string Path => $"/run/netns/{Name}";

    /// <summary>Makes it, with the loopback up and without IPv6, whose own chatter would blur every capture.</summary>
    public async Task CreateAsync()
    {
        await Command.MustAsync("ip", "netns", "add", Name);
        await Command.MustAsync(
            Inside(
                "sh",
                "-c",
                "for c in all default; do f=/proc/sys/net/ipv6/conf/$c/disable_ipv6; [ ! -e $f ] || echo 1 >$f; done; ip link set lo up"
            )
        );
    }

    /// <summary>Ends every process in it and removes it, with the links that it holds.</summary>
    public async Task RemoveAsync()
    {
        await Poll.UntilAsync(
            $"the processes of {Name} to end",
            async () =>
            {
                var left = (await Command.RunAsync("ip", "netns", "pids", Name)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                if (left.Length > 0)
                {
                    await Command.RunAsync(["kill", "-9", .. left]);
                }

                return left.Length == 0;
            }
        );
        await Command.MustAsync("ip", "netns", "del", Name);
    }

    /// <summary>A command that runs inside, in the host's mount namespace.</summary>
    public string[] Inside(params IEnumerable<string> command) => ["nsenter", $"--net={Path}", "--", .. command];

    /// <summary>A command that runs inside as a person would: with the namespace's own /etc/resolv.conf.</summary>
    public string[] AsMachine(params IEnumerable<string> command) => ["ip", "netns", "exec", Name, .. command];

    public Task<CommandResult> RunAsync(params string[] command) => Command.RunAsync(Inside(command));

    public Task<string> MustAsync(params string[] command) => Command.MustAsync(Inside(command));

    public Process Start(params string[] command) => Command.Start(Inside(command));

    /// <summary>Runs lines of <c>ip</c> at once.</summary>
    public Task ConfigureAsync(params string[] lines) =>
        Command.MustAsync(["ip", "-n", Name, "-batch", "-"], string.Join('\n', lines) + "\n");

    public static async Task<IReadOnlyList<NetworkNamespace>> WithPrefixAsync(string prefix) =>
        [
            .. (await Command.MustAsync("ip", "netns", "list"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ')[0])
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => new NetworkNamespace(name)),
        ];
}
