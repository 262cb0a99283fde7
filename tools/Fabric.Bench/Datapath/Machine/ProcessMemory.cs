using System.Globalization;

namespace Fabric.Bench.Datapath.Machine;

/// <summary>Memory of a process, in octets.</summary>
internal static class ProcessMemory
{
    /// <summary>Its own pages that are resident.</summary>
    public static long Anonymous(int process) => 1024 * File.ReadLines($"/proc/{process}/status").Sum(line => Value(line, "RssAnon:"));

    /// <summary>Of its eBPF maps, which are the kernel's memory and are taken when they are made.</summary>
    public static long Maps(int process) =>
        Directory
            .EnumerateFiles($"/proc/{process}/fdinfo")
            .Select(File.ReadAllLines)
            .Where(lines => lines.Any(line => line.StartsWith("map_id:", StringComparison.Ordinal)))
            .DistinctBy(lines => lines.First(line => line.StartsWith("map_id:", StringComparison.Ordinal)))
            .Sum(lines => lines.Sum(line => Value(line, "memlock:")));

    private static long Value(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal)
            ? long.Parse(line[key.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;
}
