using Fabric.Analytics;
using Fabric.FlowExport.Ipfix;
using Fabric.FlowExport.Sflow;
using Fabric.Primitives;

namespace Fabric.FlowExport.Tests;

/// <summary>What a protocol sends for rows, without sockets.</summary>
internal static class Datagrams
{
    public const int Limit = 1400;

    public static readonly IpAddress Agent = IpAddress.Parse("192.0.2.11");

    /// <summary>Messages without the first one, which has the templates alone.</summary>
    public static List<byte[]> Ipfix(params ReadOnlySpan<FlowRow> rows) =>
        Of(send => new IpfixExporter(new IpfixOptions([]) { Domain = 5, MaxDatagram = Limit }, send), rows);

    /// <summary>The same of records of both ways.</summary>
    public static List<byte[]> Biflow(params ReadOnlySpan<FlowRow> rows) =>
        Of(send => new IpfixExporter(new IpfixOptions([]) { IsBiflow = true, MaxDatagram = Limit }, send), rows);

    public static List<byte[]> Sflow(params ReadOnlySpan<FlowRow> rows) =>
        Of(send => new SflowExporter(new SflowOptions([], Agent) { MaxDatagram = Limit }, Rows.Begun, send), rows);

    private static List<byte[]> Of(Func<DatagramSink, IFlowExporter> make, ReadOnlySpan<FlowRow> rows)
    {
        var sent = new List<byte[]>();
        var loop = new FlowExportLoop(new FlowExportOptions(), [make(datagram => sent.Add(datagram.ToArray()))], Rows.Begun);
        loop.Add(rows);
        loop.Drain(Rows.Begun + 10 * Rows.Second);
        return sent;
    }
}
