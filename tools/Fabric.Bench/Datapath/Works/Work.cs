using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>A shape of load, and what it yields on a testbed.</summary>
/// <param name="Name">As the command line has it.</param>
internal abstract record Work(string Name)
{
    /// <summary>What its testbeds are to be; most need nothing special.</summary>
    public virtual TestbedPlan Plan { get; } = new();

    /// <summary>Only ours is measured: it is compared with itself.</summary>
    public virtual bool IsOursAlone => false;

    /// <summary>It leaves a testbed full of flows: each turn has a new one.</summary>
    public virtual bool WearsOut => false;

    /// <summary>How many rounds there are, and how long a turn is, when as many are asked for.</summary>
    public virtual (int Rounds, TimeSpan Time) RoundsIn(int rounds, TimeSpan time) => (rounds, time);

    /// <param name="turn">Where and for how long.</param>
    public abstract IReadOnlyDictionary<Measure, double> Run(Turn turn);
}
