using BenchmarkDotNet.Attributes;
using Fabric.Datapath;
using Fabric.Datapath.Shared;

namespace Fabric.Benchmarks;

/// <summary>The flow table with few flows and with a million: the difference is what memory costs.</summary>
public class FlowLookup
{
    private const int Step = 7919;
    private SharedMemory _memory = null!;
    private FlowTable _flows = null!;
    private uint _next;

    [Params(1_000, 1_000_000)]
    public int Flows { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _memory = SharedMemory.Allocate(new SharedSizes(Flows * 2), seed: 1);
        _flows = new FlowTable(_memory, Flows * 2);
        for (var i = 0u; i < Flows; i++)
        {
            _flows.Add(KeyOf(i), 1, isInitiator: true, icmpType: 0, nowMilliseconds: 0);
        }
    }

    [GlobalCleanup]
    public void Free() => _memory.Dispose();

    [Benchmark(Description = "find a flow")]
    public int Find()
    {
        _next = (_next + Step) % (uint)Flows;
        return _flows.Find(KeyOf(_next));
    }

    [Benchmark(Description = "add and remove a flow")]
    public void AddAndRemove() => _flows.Remove(_flows.Add(KeyOf((uint)Flows), 1, isInitiator: true, icmpType: 0, 0), 0);

    private static FlowKey KeyOf(uint number) => new(1, 0x0A01_0000 + number / 50_000, 0x0A01_000B, (ushort)(number % 50_000), 80, 6);
}
