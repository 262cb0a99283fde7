namespace Fabric.Wire.Bmp;

/// <summary>Why a peer went down (RFC 7854 section 4.9, RFC 9069 section 4.5), and what follows in the message.</summary>
public enum BmpPeerDownReason : byte
{
    /// <summary>This speaker ended the session; the NOTIFICATION follows, with its header.</summary>
    LocalNotification = 1,

    /// <summary>This speaker ended the session without a word; the number of the event of RFC 4271 section 8.1 follows in two octets.</summary>
    LocalEvent = 2,

    /// <summary>The peer ended the session; the NOTIFICATION follows.</summary>
    RemoteNotification = 3,

    /// <summary>The connection was lost or closed without a word.</summary>
    RemoteClose = 4,

    /// <summary>The peer may still be up, but is no longer told of.</summary>
    NoLongerMonitored = 5,
}
