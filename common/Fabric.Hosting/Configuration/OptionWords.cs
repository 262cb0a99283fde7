namespace Fabric.Hosting.Configuration;

/// <summary>Says which words are allowed where another one stands, the likely one first.</summary>
public static class OptionWords
{
    // Words beyond this are no slip of the keys; the limit also bounds the work for a file that is no configuration.
    private const int MaxLength = 64;

    /// <summary>"did you mean 'x'? known are w, x, y", or only what is known.</summary>
    public static string Known(string word, IEnumerable<string> known)
    {
        var sorted = known.Order(StringComparer.Ordinal).ToList();
        var all = sorted.Count == 0 ? "there are none" : $"known are {string.Join(", ", sorted)}";
        return Nearest(word, sorted) is { } nearest ? $"did you mean '{nearest}'? {all}" : all;
    }

    private static string? Nearest(string word, List<string> known)
    {
        if (word.Length > MaxLength)
        {
            return null;
        }

        var best = known.Where(other => other.Length <= MaxLength).MinBy(other => Distance(word, other));
        return best is not null && Distance(word, best) <= Math.Max(1, word.Length / 3) ? best : null;
    }

    /// <summary>Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string one, string other)
    {
        var costs = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                costs[i, j] = i == 0 || j == 0 ? i + j : Cost(i, j);
            }
        }

        return costs[one.Length, other.Length];

        int Cost(int i, int j)
        {
            var replaced = costs[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
            var cost = Math.Min(replaced, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
            var isSwap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
            return isSwap ? Math.Min(cost, costs[i - 2, j - 2] + 1) : cost;
        }
    }
}
