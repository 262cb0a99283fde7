namespace Fabric.Datapath;

/// <summary>Names of rules by number, so that a flow holds its rule in four bytes. Numbers that no flow holds any more are given again.</summary>
internal sealed class RuleNames
{
    private const int SmallestCollection = 65_536;
    private readonly Dictionary<string, uint> numbers = new(StringComparer.Ordinal);
    private readonly List<string?> names = [null];
    private readonly Stack<uint> unused = [];
    private int collectAt = SmallestCollection;

    /// <summary>So many names are held that those of no flow should go; see <see cref="Keep"/>.</summary>
    public bool IsFull => numbers.Count >= collectAt;

    /// <summary>The name of a number; null for 0 and for what was never given.</summary>
    public string? this[uint number] => number < (uint)names.Count ? names[(int)number] : null;

    /// <summary>The number of a name; 0 for null.</summary>
    public uint NumberOf(string? name)
    {
        if (name is null)
        {
            return 0;
        }

        if (numbers.TryGetValue(name, out var number))
        {
            return number;
        }

        if (unused.TryPop(out number))
        {
            names[(int)number] = name;
        }
        else
        {
            number = (uint)names.Count;
            names.Add(name);
        }

        numbers.Add(name, number);
        return number;
    }

    /// <summary>Forgets all other names.</summary>
    public void Keep(IReadOnlySet<uint> held)
    {
        for (uint number = 1; number < (uint)names.Count; number++)
        {
            if (names[(int)number] is { } name && !held.Contains(number))
            {
                names[(int)number] = null;
                numbers.Remove(name);
                unused.Push(number);
            }
        }

        collectAt = Math.Max(SmallestCollection, 2 * numbers.Count);
    }
}
