namespace Fabric.Datapath.Host.Configuration;

/// <summary>The arguments of fabric-dp.</summary>
/// <param name="ConfigFile">The YAML file.</param>
/// <param name="Detach">Remove what an earlier run left in the kernel, and end.</param>
public sealed record CommandLine(string ConfigFile, bool Detach)
{
    public const string Usage = """
        usage: fabric-dp --config FILE            forward packets until SIGTERM
               fabric-dp --config FILE --detach   remove what a run leaves in the kernel: guard rules, eBPF programs, flows
        """;

    /// <summary>The arguments' meaning; null when they have none.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> arguments)
    {
        string? file = null;
        var detach = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--detach")
            {
                detach = true;
            }
            else if (arguments[i] == "--config" && file is null && i + 1 < arguments.Count)
            {
                file = arguments[++i];
            }
            else
            {
                return null;
            }
        }

        return file is null ? null : new CommandLine(file, detach);
    }
}
