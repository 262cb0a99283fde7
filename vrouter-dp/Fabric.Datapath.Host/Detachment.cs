using Fabric.Datapath.Host.Configuration;
using Fabric.Datapath.Host.Guard;
using Fabric.Datapath.Kernel;

namespace Fabric.Datapath.Host;

/// <summary>Takes away what a run leaves in the kernel.</summary>
internal static class Detachment
{
    /// <summary>Removes the programs with all that they pinned, and the guard's rules: what keeps one of them does not keep the other.</summary>
    /// <returns>What was not removed, and why.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(DatapathOptions options)
    {
        var problems = new List<string>();
        try
        {
            KernelCache.Remove(options.PinFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or KernelCacheException)
        {
            problems.Add($"what is in {options.PinFolder} was not removed: {exception.Message}");
        }

        if (await NftCommand.RunAsync(GuardRules.DeleteScript(options.Node)) is { } problem)
        {
            problems.Add($"the guard rules were not removed: {problem}");
        }

        return problems;
    }
}
