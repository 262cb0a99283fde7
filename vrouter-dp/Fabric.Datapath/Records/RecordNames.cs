namespace Fabric.Datapath;

/// <summary>
/// Numbers that stand for names in reports. They are said to an agent before the first report that has them, and again to each new one. So
/// many at most; then they begin anew, as soon as no report waits that has one.
/// </summary>
public sealed class RecordNames(int capacity)
{
    private readonly Dictionary<string, uint> numbers = new(StringComparer.Ordinal);
    private readonly List<string> names = [];
    private int said;

    /// <summary>All that was numbered was said to the agent that is there.</summary>
    public bool AreSaid => said == names.Count;

    /// <summary>A new agent knows none.</summary>
    public void SayAgain() => said = 0;

    /// <summary>The next name to say.</summary>
    public (uint Number, string Name) Say() => ((uint)said + 1, names[said++]);

    /// <summary>Makes room for the names of one report, if it can.</summary>
    /// <param name="wanted">Names that may be new.</param>
    /// <param name="areUnused">No report waits.</param>
    internal void MakeRoom(int wanted, bool areUnused)
    {
        if (areUnused && names.Count + wanted > capacity)
        {
            names.Clear();
            numbers.Clear();
            said = 0;
        }
    }

    /// <summary>The number of a name; 0 for null, and where there is no room for one more.</summary>
    internal uint NumberOf(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return 0;
        }

        if (numbers.TryGetValue(name, out var number))
        {
            return number;
        }

        if (names.Count == capacity)
        {
            return 0;
        }

        names.Add(name);
        numbers.Add(name, (uint)names.Count);
        return (uint)names.Count;
    }
}
