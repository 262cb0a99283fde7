namespace Fabric.Wire.Packets;

/// <summary>DHCP option codes (RFC 2132, RFC 3442).</summary>
public enum DhcpOption : byte
{
    Pad = 0,
    SubnetMask = 1,
    Router = 3,
    DomainNameServer = 6,
    HostName = 12,
    DomainName = 15,
    InterfaceMtu = 26,
    BroadcastAddress = 28,
    RequestedAddress = 50,
    LeaseTime = 51,
    Overload = 52,
    MessageType = 53,
    ServerIdentifier = 54,
    ParameterRequestList = 55,
    Message = 56,
    MaximumMessageSize = 57,
    ClientIdentifier = 61,
    ClasslessRoutes = 121,
    End = 255,
}

/// <summary>DHCP message types (RFC 2132 section 9.6).</summary>
public enum DhcpMessageType : byte
{
    None = 0,
    Discover = 1,
    Offer = 2,
    Request = 3,
    Decline = 4,
    Acknowledgment = 5,
    NegativeAcknowledgment = 6,
    Release = 7,
    Inform = 8,
}
