namespace Fabric.Datapath;

/// <summary>
/// Names of rules by number, so that a flow holds its rule in four bytes. Numbers that no flow holds any more are given again. They change under
/// the lock of the flow table; any worker looks a number up without it.
/// </summary>
internal sealed class RuleNames
{
    private const int SmallestCollection = 65_536;
    private const int SmallestTable = 64;
    private readonly Dictionary<string, uint> numbers = new(StringComparer.Ordinal);
    private readonly Stack<uint> unused = [];
    private string?[] names = new string?[SmallestTable];
    private uint count = 1;
    private int collectAt = SmallestCollection;

    /// <summary>So many names are held that those of no flow should go; see <see cref="Keep"/>.</summary>
    public bool IsFull => numbers.Count >= collectAt;

    /// <summary>The name of a number; null for 0 and for what was never given.</summary>
    public string? this[uint number] => Volatile.Read(ref names) is var table && number < (uint)table.Length ? table[number] : null;

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

        if (!unused.TryPop(out number))
        {
            number = count++;
        }

        Set(number, name);
        numbers.Add(name, number);
        return number;
    }

    /// <summary>Forgets all other names.</summary>
    public void Keep(IReadOnlySet<uint> held)
    {
        for (uint number = 1; number < count; number++)
        {
            if (names[number] is { } name && !held.Contains(number))
            {
                names[number] = null;
                numbers.Remove(name);
                unused.Push(number);
            }
        }

        collectAt = Math.Max(SmallestCollection, 2 * numbers.Count);
    }

    // Whoever looks a number up meanwhile has the table of before, which has all numbers that flows held until now.
    private void Set(uint number, string name)
    {
        if (number == (uint)names.Length)
        {
            var larger = new string?[2 * names.Length];
            names.CopyTo(larger, 0);
            Volatile.Write(ref names, larger);
        }

        names[number] = name;
    }
}
