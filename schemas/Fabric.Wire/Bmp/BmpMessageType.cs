namespace Fabric.Wire.Bmp;

/// <summary>BMP message types (RFC 7854 section 4.1) that Fabric sends.</summary>
public enum BmpMessageType : byte
{
    RouteMonitoring = 0,
    StatisticsReport = 1,
    PeerDown = 2,
    PeerUp = 3,
    Initiation = 4,
    Termination = 5,
}
