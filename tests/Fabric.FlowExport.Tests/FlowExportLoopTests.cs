using Fabric.Analytics;
using Fabric.FlowExport.Ipfix;
using Fabric.FlowExport.Sflow;

namespace Fabric.FlowExport.Tests;

[TestFixture]
public sealed class FlowExportLoopTests
{
    private int _datagrams;

    [Test]
    public void Rows_that_find_no_room_are_counted_and_made_good_by_the_next_row()
    {
        var octets = 0;
        var loop = Loop(new FlowExportOptions { RowCapacity = 2 }, datagram => octets += datagram.Length);

        var taken = loop.Add([Rows.Web, Rows.Denied, Rows.Ping]);
        loop.Drain(Rows.Begun);

        Assert.That((taken, loop.Rows, loop.Dropped), Is.EqualTo((2, 2L, 1L)));
        Assert.That(octets, Is.GreaterThan(0));
    }

    [Test]
    public void A_row_without_a_time_is_of_now()
    {
        var flows = Datagrams.Ipfix(Rows.Web with { Time = 0 });
        Assert.That(Tshark.IpfixFlows(flows)[0], Has.Member("abstimeend=Nov 24, 2025 16:00:10.000000000 UTC"));
    }

    [Test]
    public void A_row_costs_no_memory()
    {
        var loop = Loop(new FlowExportOptions(), _ => _datagrams++);
        var rows = Enumerable
            .Range(0, 1000)
            .Select(number => Rows.Web with { Event = FlowEvent.Update, Session = (ulong)number })
            .ToArray();
        Turn(loop, rows);
        Turn(loop, rows);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            Turn(loop, rows);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(10 * rows.Length));
        Assert.That(_datagrams, Is.GreaterThan(1000));
    }

    private static void Turn(FlowExportLoop loop, FlowRow[] rows)
    {
        foreach (ref var row in rows.AsSpan())
        {
            row = row with { SentPackets = row.SentPackets + 2, SentBytes = row.SentBytes + 123 };
        }

        loop.Add(rows);
        loop.Drain(Rows.Begun);
        loop.Maintain(Rows.Begun);
    }

    private static FlowExportLoop Loop(FlowExportOptions options, DatagramSink send) =>
        new(
            options,
            [new IpfixExporter(new IpfixOptions([]), send), new SflowExporter(new SflowOptions([], Datagrams.Agent), Rows.Begun, send)],
            Rows.Begun
        );
}
