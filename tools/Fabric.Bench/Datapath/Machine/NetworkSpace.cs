using System.Globalization;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>A network namespace of this bench; a machine of a testbed, or a host.</summary>
internal sealed unsafe class NetworkSpace : IDisposable
{
    private const string Folder = "/run/netns";
    private const string Prefix = "fabric-bench-";
    private const int ReadOnlyCloseOnExec = 0x80000;
    private const int HeaderLines = 2;
    private const int NetworkNamespace = 0x40000000;

    private NetworkSpace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Without IPv6, whose own chatter would blur what is counted.</summary>
    public static NetworkSpace Create(string name)
    {
        var space = new NetworkSpace($"{Prefix}{Environment.ProcessId}-{name}");
        Shell.Run(["ip", "netns", "add", space.Name]);
        space.Set("net/ipv6/conf/all/disable_ipv6", "1");
        space.Set("net/ipv6/conf/default/disable_ipv6", "1");
        space.Links("link set lo up");
        return space;
    }

    /// <summary>Removes what a run left that was killed.</summary>
    public static void RemoveStale()
    {
        string[] names = Directory.Exists(Folder) ? Directory.GetFiles(Folder, Prefix + "*") : [];
        foreach (var name in names.Where(IsStale))
        {
            new NetworkSpace(Path.GetFileName(name)).Dispose();
        }

        StaleFolders().ForEach(folder => Directory.Delete(folder, recursive: true));
    }

    /// <summary>Folders of testbeds of runs that were killed.</summary>
    public static List<string> StaleFolders() => [.. Directory.GetDirectories(Path.GetTempPath(), Prefix + "*").Where(IsStale)];

    /// <summary>A command that runs inside, in the machine's mount namespace: what is pinned in bpffs stays in sight.</summary>
    public string[] Inside(params IEnumerable<string> command) => Inside(Name, command);

    public static string[] Inside(string name, IEnumerable<string> command) => ["nsenter", $"--net={Folder}/{name}", "--", .. command];

    public string Run(params IEnumerable<string> command) => Shell.Run(Inside(command));

    public void Feed(string input, params IEnumerable<string> command) => Shell.Run(Inside(command), input);

    /// <summary>Runs lines of <c>ip</c> at once.</summary>
    public void Links(params string[] lines) => Shell.Run(["ip", "-n", Name, "-batch", "-"], string.Join('\n', lines) + "\n");

    /// <summary>Sets a kernel parameter, named by its path under /proc/sys, where this kernel has it.</summary>
    public void Set(string parameter, string value) =>
        Enter(() =>
        {
            var path = "/proc/sys/" + parameter;
            if (File.Exists(path))
            {
                File.WriteAllText(path, value);
            }

            return 0;
        });

    /// <summary>Packets that its devices dropped on their way in or out, as /proc/net/dev counts them: a receiver's queue was full.</summary>
    public long DeviceDrops() => Enter(() => File.ReadLines("/proc/thread-self/net/dev").Skip(HeaderLines).Sum(ReadDrops));

    /// <summary>Runs something inside; sockets that it opens stay there.</summary>
    public T Enter<T>(Func<T> work) => Start(processor: null, work).GetAwaiter().GetResult();

    /// <summary>Runs something inside on a thread of its own, on one processor if that is said.</summary>
    public Task<T> Start<T>(int? processor, Func<T> work)
    {
        var completion = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                Join();
                Pin(processor);
                completion.SetResult(work());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = Name,
        };
        thread.Start();
        return completion.Task;
    }

    public void Dispose() => Shell.Try(["ip", "netns", "del", Name]);

    // The number behind the prefix is the process that made it.
    private static bool IsStale(string path) => !Directory.Exists($"/proc/{Path.GetFileName(path)[Prefix.Length..].Split('-')[0]}");

    // "name: " and eight numbers for each direction, the fourth of which are drops.
    private static long ReadDrops(string line)
    {
        var numbers = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(numbers[3], CultureInfo.InvariantCulture) + long.Parse(numbers[11], CultureInfo.InvariantCulture);
    }

    private static void Pin(int? processor)
    {
        if (processor is { } number)
        {
            var mask = 1UL << (number % Environment.ProcessorCount);
            _ = Libc.SetAffinity(0, sizeof(ulong), &mask);
        }
    }

    private void Join()
    {
        var descriptor = Libc.Open($"{Folder}/{Name}", ReadOnlyCloseOnExec);
        var isIn = descriptor >= 0 && Libc.SetNamespace(descriptor, NetworkNamespace) == 0;
        _ = Libc.Close(descriptor);
        if (!isIn)
        {
            throw new BenchException($"cannot enter the network namespace {Name}");
        }
    }
}
