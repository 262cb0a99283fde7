using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fabric.Cli.Support;

/// <summary>The process behind a program's socket, as the kernel tells of it.</summary>
internal sealed class ProgramProcess(int id, BundleSources sources)
{
    // Of the kernel's interface, whatever its own clock is (USER_HZ).
    private const double TicksPerSecond = 100;

    // Field 22 of /proc/PID/stat, counted from the third, which stands behind the name in brackets (proc(5)).
    private const int StartTimeField = 22 - 3;

    private readonly string _folder = Path.Combine(sources.ProcessDirectory, id.ToString(CultureInfo.InvariantCulture));

    public int Id => id;

    /// <summary>Words of its command line.</summary>
    public IReadOnlyList<string> Arguments => File.ReadAllText(InFolder("cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>For nsenter, and to be told from others by its link's target.</summary>
    public string NetworkNamespaceFile => InFolder("ns/net");

    public string? NetworkNamespace => NamespaceOf(NetworkNamespaceFile);

    public static string? NamespaceOf(string file) => new FileInfo(file).LinkTarget;

    /// <summary>A file as the process sees it: it may have another root, and another folder to begin at.</summary>
    public string FileOf(string path) => Path.IsPathFullyQualified(path) ? InFolder("root" + path) : InFolder(Path.Combine("cwd", path));

    /// <summary>The file behind --config; null where it has none.</summary>
    public string? OptionsFile()
    {
        var words = Arguments;
        var place = words.ToList().IndexOf("--config");
        return place >= 0 && place + 1 < words.Count ? words[place + 1] : null;
    }

    /// <summary>Its standard output where that is a file, as the process has it open; null where it is a pipe, a socket or a device.</summary>
    public string? LogFile()
    {
        var target = new FileInfo(InFolder("fd/1")).LinkTarget;
        var isFile = target is not null && target.StartsWith('/') && !target.StartsWith("/dev/", StringComparison.Ordinal);
        return isFile ? InFolder("fd/1") : null;
    }

    /// <summary>The systemd unit that it runs in; null where it runs in none.</summary>
    public string? Unit()
    {
        var group = File.ReadLines(InFolder("cgroup")).FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        var name = Path.GetFileName(group ?? "");
        return name.EndsWith(".service", StringComparison.Ordinal) ? name : null;
    }

    public Finding Describe(Redactor redactor)
    {
        var words = Arguments;
        var description = new
        {
            Process = id,
            Arguments = string.Join(' ', words),
            Version = Version(words),
            Started = Started(),
            OptionsFile = OptionsFile(),
            NetworkNamespace,
            Unit = Unit(),
            OpenFiles = Directory.Exists(InFolder("fd")) ? Directory.EnumerateFileSystemEntries(InFolder("fd")).Count() : 0,
            Status = Fields("status"),
        };
        return Finding.Clean(
            JsonRedaction.Copy(JsonSerializer.SerializeToUtf8Bytes(description, BundleManifest.JsonOptions), isWhole: true, redactor)
        );
    }

    private string? Version(IReadOnlyList<string> words)
    {
        var program = words.FirstOrDefault(word => Path.GetFileName(word).StartsWith("fabric-", StringComparison.Ordinal));
        var assembly = program is null ? null : FileOf(Path.ChangeExtension(program, ".dll"));
        return assembly is not null && File.Exists(assembly) ? FileVersionInfo.GetVersionInfo(assembly).ProductVersion : null;
    }

    private DateTimeOffset? Started()
    {
        var stat = File.ReadAllText(InFolder("stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var boot = File.ReadLines(Path.Combine(sources.ProcessDirectory, "stat"))
            .FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal));
        return
            boot is not null
            && long.TryParse(boot["btime ".Length..], out var seconds)
            && double.TryParse(fields[StartTimeField], out var ticks)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddSeconds(ticks / TicksPerSecond)
            : null;
    }

    private Dictionary<string, string> Fields(string file) =>
        File.ReadLines(InFolder(file))
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0])
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private string InFolder(string file) => Path.Combine(_folder, file);
}
