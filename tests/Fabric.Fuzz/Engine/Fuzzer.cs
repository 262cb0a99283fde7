using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fabric.Fuzz.Engine;

/// <summary>
/// Plays inputs to targets. A round is a sequence of inputs, stored ones and mutated ones, to a subject in a fresh state, all by one seed.
/// FABRIC_FUZZ_ROUNDS sets how many rounds each target gets and lifts the limit of time; FABRIC_FUZZ_SEED sets the first seed.
/// </summary>
internal static class Fuzzer
{
    private const int DefaultRounds = 4000;
    private const int MaxInputsOfRound = 6;

    // Fewer say nothing of the share that is taken: of one input in forty none may be among them.
    private const int LeastRounds = 100;
    private static readonly TimeSpan s_timeOfTarget = TimeSpan.FromSeconds(2.5);
    private static readonly int? s_rounds = Number("FABRIC_FUZZ_ROUNDS");

    /// <summary>Plays each stored file as it is, and each of its inputs cut at each octet.</summary>
    public static void PlayStored(FuzzTarget target)
    {
        foreach (var file in CorpusFile.All($"Corpus/{target.Corpus}"))
        {
            Play(target, file.Seed, file.Inputs);
            foreach (var input in file.Inputs)
            {
                for (var length = 0; length < input.Length; length += 1 + input.Length / 300)
                {
                    Play(target, length, [input[..length]]);
                }
            }
        }
    }

    /// <summary>Plays mutated input, and says how many rounds there was time for, at least so many as tell something, and how much of it was taken.</summary>
    public static (int Rounds, long Taken) PlayMutated(FuzzTarget target)
    {
        byte[][] corpus = [.. CorpusFile.All($"Corpus/{target.Corpus}").SelectMany(f => f.Inputs)];
        var first = Number("FABRIC_FUZZ_SEED") ?? 1;
        var rounds = s_rounds ?? DefaultRounds;
        var watch = Stopwatch.StartNew();
        var round = 0;
        long taken = 0;
        for (; round < rounds && (s_rounds is not null || round < LeastRounds || watch.Elapsed < s_timeOfTarget); round++)
        {
            taken += Play(target, first + round, Inputs(target, corpus, new Random(first + round)));
        }

        return (round, taken);
    }

    /// <summary>Plays one sequence and says how much of it was taken; a finding fails the test with its seed and bytes, as a file of <c>Regressions</c> has them.</summary>
    public static int Play(FuzzTarget target, int seed, IReadOnlyList<byte[]> inputs)
    {
        try
        {
            var subject = target.Prepare(new Random(seed));
            using var owner = subject as IDisposable;
            foreach (var input in inputs)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                subject.Feed(input);
                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Invariant.Holds(
                    allocated <= target.AllocationBase + target.AllocationPerByte * input.Length,
                    $"{allocated} octets were allocated for an input of {input.Length}"
                );
                subject.Check();
            }

            return subject.Taken;
        }
        catch (Exception finding)
        {
            Assert.Fail(Report(target, seed, inputs, finding));
            return 0;
        }
    }

    private static List<byte[]> Inputs(FuzzTarget target, byte[][] corpus, Random random)
    {
        var mutator = new Mutator(random, corpus);
        var inputs = new List<byte[]>();
        for (var count = random.Next(1, MaxInputsOfRound + 1); count > 0; count--)
        {
            var input = corpus[random.Next(corpus.Length)];
            inputs.Add(random.Next(3) == 0 ? input : target.Mend(mutator.Mutate(input), random));
        }

        return inputs;
    }

    private static string Report(FuzzTarget target, int seed, IReadOnlyList<byte[]> inputs, Exception finding)
    {
        var report = new StringBuilder();
        report.AppendLine(CultureInfo.InvariantCulture, $"{target.Name}: {finding.Message}");
        report.AppendLine(CultureInfo.InvariantCulture, $"Regressions/{target.Name}/NAME.hex:");
        report.AppendLine(CultureInfo.InvariantCulture, $"# seed {seed}");
        foreach (var input in inputs)
        {
            report.AppendLine(Convert.ToHexStringLower(input));
        }

        return report.AppendLine().Append(finding).ToString();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : null;
}
