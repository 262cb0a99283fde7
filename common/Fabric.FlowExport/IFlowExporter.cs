namespace Fabric.FlowExport;

/// <summary>Takes a datagram that is complete; it is the caller's again after the call.</summary>
internal delegate void DatagramSink(ReadOnlySpan<byte> datagram);

/// <summary>A protocol that tells collectors of flows: flows in, datagrams out. Times are microseconds since 1970.</summary>
internal interface IFlowExporter
{
    /// <summary>Puts a flow into the present datagram, and sends it first where it is full.</summary>
    void Add(in Biflow flow, long now);

    /// <summary>Sends the present datagram, if there is something in it.</summary>
    void Flush(long now);

    /// <summary>Sends what collectors have to be told now and then; called each second or so.</summary>
    void Maintain(long now);

    /// <summary>The wall clock was set: what is remembered by it moves with it.</summary>
    /// <param name="step">Microseconds ahead; below zero: back.</param>
    void Shift(long step);
}
