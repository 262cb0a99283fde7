namespace Fabric.Wire.Bgp;

/// <summary>Error codes of a NOTIFICATION (RFC 4271 section 4.5, RFC 7313, RFC 9687).</summary>
public enum NotificationCode : byte
{
    MessageHeaderError = 1,
    OpenMessageError = 2,
    UpdateMessageError = 3,
    HoldTimerExpired = 4,
    FiniteStateMachineError = 5,
    Cease = 6,
    RouteRefreshMessageError = 7,
    SendHoldTimerExpired = 8,
}

/// <summary>Subcodes of an OPEN message error (RFC 4271 section 6.2, RFC 5492, RFC 9234).</summary>
public enum OpenErrorSubcode : byte
{
    Unspecific = 0,
    UnsupportedVersionNumber = 1,
    BadPeerAs = 2,
    BadBgpIdentifier = 3,
    UnsupportedOptionalParameter = 4,
    UnacceptableHoldTime = 6,
    UnsupportedCapability = 7,
    RoleMismatch = 11,
}

/// <summary>Subcodes of an UPDATE message error that still reset a session under RFC 7606.</summary>
public enum UpdateErrorSubcode : byte
{
    MalformedAttributeList = 1,
    UnrecognizedWellKnownAttribute = 2,
    OptionalAttributeError = 9,
    InvalidNetworkField = 10,
}

/// <summary>Subcodes of a finite state machine error: the state that got an unexpected message (RFC 6608).</summary>
public enum StateErrorSubcode : byte
{
    OpenSent = 1,
    OpenConfirm = 2,
    Established = 3,
}

/// <summary>Subcodes of Cease (RFC 4486, RFC 8538, RFC 9384).</summary>
public enum CeaseSubcode : byte
{
    MaximumPrefixesReached = 1,
    AdministrativeShutdown = 2,
    PeerDeconfigured = 3,
    AdministrativeReset = 4,
    ConnectionRejected = 5,
    OtherConfigurationChange = 6,
    ConnectionCollisionResolution = 7,
    OutOfResources = 8,
    HardReset = 9,
    BfdDown = 10,
}
