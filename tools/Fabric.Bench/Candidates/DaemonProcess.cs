using System.Diagnostics;
using System.Globalization;

namespace Fabric.Bench.Candidates;

/// <summary>A candidate's process and all that it started.</summary>
internal sealed class DaemonProcess : IDisposable
{
    private const double TicksPerSecond = 100;

    // Fields of /proc/PID/stat after the command's name, which may have blanks and ends with the last parenthesis (proc(5)).
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int ChildUserTime = 13;
    private const int ChildSystemTime = 14;

    private readonly Process _process;
    private readonly string _log;

    private DaemonProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Processor time so far of all its processes, ended children included.</summary>
    public double CpuSeconds => Tree().Sum(process => process.Ticks) / TicksPerSecond;

    /// <summary>Resident memory now, in octets.</summary>
    public long Resident => Tree().Sum(process => Memory(process.Id, "VmRSS:"));

    /// <summary>The most that was resident, in octets; of several processes the sum of each one's most.</summary>
    public long PeakResident => Tree().Sum(process => Memory(process.Id, "VmHWM:"));

    /// <summary>An error's message, with what the process printed last if it has ended.</summary>
    public string Explain(string message)
    {
        var lines = HasExited && File.Exists(_log) ? File.ReadAllLines(_log) : [];
        return lines.Length > 0 ? $"{message}; it said: {string.Join(" | ", lines.TakeLast(4))}" : message;
    }

    public static DaemonProcess Start(string log, string[] command)
    {
        // It ends with this tool, however that ends.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "log=$1; shift; exec setpriv --pdeathsig KILL -- \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. command]
        )
        {
            UseShellExecute = false,
        };
        return new DaemonProcess(Process.Start(start) ?? throw new BenchException($"{command[0]} does not start"), log);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static long Memory(int id, string key)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
            return line is null
                ? 0
                : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private List<(int Id, long Ticks)> Tree()
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? ReadStat(id) : default)
            .Where(process => process.Id != 0)
            .ToList();
        var tree = all.Where(process => process.Id == _process.Id).ToList();
        for (var index = 0; index < tree.Count; index++)
        {
            tree.AddRange(all.Where(process => process.Parent == tree[index].Id));
        }

        return [.. tree.Select(process => (process.Id, process.Ticks))];
    }

    private static (int Id, int Parent, long Ticks) ReadStat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long Number(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            return (id, (int)Number(Parent), Number(UserTime) + Number(SystemTime) + Number(ChildUserTime) + Number(ChildSystemTime));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
