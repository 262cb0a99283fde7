namespace Fabric.Datapath.Host.PacketIo;

/// <summary>What became of a train of datagrams.</summary>
internal enum TrainFate
{
    Sent,

    /// <summary>What its flow sent before waits for the device still, and there is no room behind it.</summary>
    Lost,

    /// <summary>Nothing of it was sent: its datagrams can go one by one.</summary>
    Refused,
}
