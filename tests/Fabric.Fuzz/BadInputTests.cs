using Fabric.Fuzz.Engine;
using Fabric.Fuzz.Targets;

namespace Fabric.Fuzz;

/// <summary>What strangers may send: it crashes nothing, costs little, ends sessions only with a reason, and leaves tables consistent.</summary>
[Category("Fuzz")]
public sealed class BadInputTests
{
    private static IEnumerable<FuzzTarget> Targets => AllTargets.Value;

    private static IEnumerable<TestCaseData> Findings =>
        AllTargets.Value.SelectMany(t =>
            CorpusFile.All($"Regressions/{t.Name}").Select(f => new TestCaseData(t, f).SetArgDisplayNames(t.Name, f.Name))
        );

    [TestCaseSource(nameof(Targets))]
    public void Stored_input_cut_at_any_octet_does_no_harm(object target) => Fuzzer.PlayStored((FuzzTarget)target);

    [TestCaseSource(nameof(Targets))]
    public void Mutated_input_does_no_harm(object target)
    {
        var (rounds, taken) = Fuzzer.PlayMutated((FuzzTarget)target);
        TestContext.Out.WriteLine($"{rounds} rounds, {taken} inputs taken");
        Assert.That(taken, Is.GreaterThan(rounds / 40), "hardly any input gets past the first check");
    }

    [TestCaseSource(nameof(Findings))]
    public void A_former_finding_does_no_harm_any_more(object target, object file) =>
        Fuzzer.Play((FuzzTarget)target, ((CorpusFile)file).Seed, ((CorpusFile)file).Inputs);
}
