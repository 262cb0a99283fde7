using System.Globalization;

namespace Fabric.Lab.Machine;

/// <summary>A long-running program of a node: in its namespace, in a session of its own, with a pid file and a log.</summary>
/// <param name="Node">The node that it runs on.</param>
/// <param name="Role">What it is there, such as <c>agent</c>.</param>
/// <param name="Namespace">Null: the user's own. Entered with nsenter, which leaves the mount namespace alone (pins of eBPF would vanish with <c>ip netns exec</c>).</param>
/// <param name="Directory">Where its pid file and log are.</param>
/// <param name="Arguments">Program and arguments; one of them must be unique to this daemon, as the pid is checked against them.</param>
public sealed record Daemon(string Node, string Role, NetworkNamespace? Namespace, string Directory, IReadOnlyList<string> Arguments)
{
    // It takes SIGHUP for an order to read its file again, whatever starts it: what nohup starts would ignore that.
    private const string Launch = """echo $$ >"$1"; exec </dev/null >>"$2" 2>&1; shift 2; exec env --default-signal=HUP "$@" """;

    public string Name => $"{Node}/{Role}";

    public string LogFile => Path.Combine(Directory, $"{Role}.log");

    private string PidFile => Path.Combine(Directory, $"{Role}.pid");

    /// <summary>The process id, if it runs.</summary>
    public int? Pid
    {
        get
        {
            if (!File.Exists(PidFile) || !int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out var pid))
            {
                return null;
            }

            try
            {
                var commandLine = File.ReadAllText($"/proc/{pid}/cmdline");
                if (commandLine.Length == 0)
                {
                    // Either it is dead and nobody has reaped it, or it is just being replaced by the program that it executes.
                    return IsZombie(pid) ? null : pid;
                }

                var running = commandLine.Split('\0');
                return Arguments.All(running.Contains) ? pid : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>proc(5): the state is the letter behind the name, which is in parentheses and may hold any character.</summary>
    private static bool IsZombie(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
    }

    /// <summary>Returns when it has its process id; whether it stays is for the caller to see.</summary>
    public async Task StartAsync()
    {
        File.Delete(PidFile);
        await Command.MustAsync([
            "setsid",
            "--fork",
            "sh",
            "-c",
            Launch,
            "sh",
            PidFile,
            LogFile,
            .. Namespace?.Inside(Arguments) ?? Arguments,
        ]);
        await Poll.UntilAsync($"{Name} to start", () => File.Exists(PidFile) && new FileInfo(PidFile).Length > 0);
    }

    /// <summary>Ends it with a signal (<c>KILL</c> is a crash) and waits until it is gone.</summary>
    public async Task StopAsync(string signal)
    {
        if (Pid is { } pid)
        {
            await Command.MustAsync("kill", $"-{signal}", pid.ToString(CultureInfo.InvariantCulture));
            await Poll.UntilAsync($"{Name} to end", () => Pid is null);
        }
    }
}
