using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath;

/// <summary>The testbeds of one work: built when first used, kept over the rounds where that changes nothing, all removed at the end.</summary>
internal sealed class TestbedPool(CancellationToken cancellation) : IDisposable
{
    private const int WarmUpFlows = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(700);

    private readonly Dictionary<(string Contender, TestbedPlan Plan), Testbed> _testbeds = [];

    /// <summary>A testbed that forwards, by the way that it is to; its processes have been warm for a moment.</summary>
    /// <exception cref="BenchException">It cannot be built, or does not forward so.</exception>
    public Testbed Rent(Contender contender, TestbedPlan plan)
    {
        if (_testbeds.TryGetValue((contender.Name, plan), out var ready))
        {
            return ready;
        }

        var testbed = contender.Create(plan);
        _testbeds.Add((contender.Name, plan), testbed);
        try
        {
            testbed.Start(cancellation);
            PathProof.Check(testbed, s_patience, cancellation);
            PacketRate.Of(testbed, generators: 1, WarmUpFlows, s_warmUp, cancellation);
            return testbed;
        }
        catch (BenchException exception)
        {
            throw new BenchException(testbed.Explain(exception.Message), exception);
        }
    }

    /// <summary>Makes sure that a testbed still forwards as it is to: what was measured went that way.</summary>
    public void Check(Testbed testbed)
    {
        PathProof.Check(testbed, s_patience, cancellation);
        testbed.Check();
    }

    public void Remove(Contender contender)
    {
        foreach (var key in _testbeds.Keys.Where(key => key.Contender == contender.Name).ToList())
        {
            _testbeds[key].Dispose();
            _testbeds.Remove(key);
        }
    }

    public void Dispose()
    {
        foreach (var testbed in _testbeds.Values)
        {
            testbed.Dispose();
        }
    }
}
