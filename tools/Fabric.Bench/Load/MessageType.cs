namespace Fabric.Bench.Load;

/// <summary>RFC 4271 section 4.1.</summary>
internal enum MessageType : byte
{
    Open = 1,
    Update = 2,
    Notification = 3,
    KeepAlive = 4,
}
