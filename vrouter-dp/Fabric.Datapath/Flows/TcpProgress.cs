namespace Fabric.Datapath;

/// <summary>How far a TCP connection has come, as seen in one direction.</summary>
[Flags]
public enum TcpProgress : byte
{
    None = 0,
    Syn = 1,
    Acknowledged = 2,
    Fin = 4,
    Reset = 8,
}
