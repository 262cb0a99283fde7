namespace Fabric.Transport.Polling;

/// <summary>What epoll tells of a descriptor (include/uapi/linux/eventpoll.h); the last two come unasked.</summary>
[Flags]
internal enum PollEvents : uint
{
    None = 0,
    Readable = 1,
    Writable = 4,
    Failed = 8,
    HungUp = 16,
}
