namespace Fabric.Simulation.Checks;

/// <summary>Two sets that have to be equal, told by what is missing and what is too much.</summary>
internal static class Differences
{
    public static void Throw(string what, HashSet<string> expected, HashSet<string> actual)
    {
        var missing = expected.Except(actual).Order(StringComparer.Ordinal).ToList();
        var surplus = actual.Except(expected).Order(StringComparer.Ordinal).ToList();
        if (missing.Count + surplus.Count > 0)
        {
            throw new SimulationException($"The {what}: missing [{string.Join("; ", missing)}], too much [{string.Join("; ", surplus)}].");
        }
    }
}
