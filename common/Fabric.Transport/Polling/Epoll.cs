using System.Runtime.InteropServices;
using Fabric.Transport.Native;

namespace Fabric.Transport.Polling;

/// <summary>
/// An epoll descriptor and a bell (eventfd) that other threads ring. Each watched descriptor has an identity that is never used
/// again, so that an event of a socket that was closed in the same turn reaches nobody.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    public const long Bell = 0;

    private const int EventsPerTurn = 256;

    // struct epoll_event is packed on x86-64 only.
    private static readonly bool s_isPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int s_eventBytes = s_isPacked ? 12 : 16;
    private static readonly int s_identityOffset = s_isPacked ? 4 : 8;

    private readonly Descriptor _epoll = Libc.EpollCreate(Libc.CloseOnExec);
    private readonly Descriptor _bell = Libc.EventCounter(0, Libc.NonBlock | Libc.CloseOnExec);
    private readonly byte[] _events = GC.AllocateArray<byte>(s_eventBytes * EventsPerTurn, pinned: true);

    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public Epoll()
    {
        if (_epoll.IsInvalid || _bell.IsInvalid)
        {
            throw Failure("cannot make the loop's epoll and event descriptors");
        }

        Control(Libc.EpollAdd, _bell, PollEvents.Readable, Bell);
    }

    public void Add(SafeHandle watched, PollEvents interest, long identity) => Control(Libc.EpollAdd, watched, interest, identity);

    public void Change(SafeHandle watched, PollEvents interest, long identity) => Control(Libc.EpollModify, watched, interest, identity);

    public void Remove(SafeHandle watched) => Control(Libc.EpollDelete, watched, PollEvents.None, Bell);

    /// <summary>Waits for events: so long at most, 0 to just look, -1 for ever. Returns how many there are.</summary>
    public int Wait(int milliseconds)
    {
        fixed (byte* events = _events)
        {
            // Less than none is a signal's interruption: nothing is ready.
            return Math.Max(Libc.EpollWait(_epoll, events, EventsPerTurn, milliseconds), 0);
        }
    }

    /// <summary>An event of the last wait.</summary>
    public (long Identity, PollEvents Events) Event(int index)
    {
        var entry = _events.AsSpan(index * s_eventBytes, s_eventBytes);
        return (MemoryMarshal.Read<long>(entry[s_identityOffset..]), (PollEvents)MemoryMarshal.Read<uint>(entry));
    }

    /// <summary>Ends a wait, the present one or the next; from any thread.</summary>
    public void Ring()
    {
        ulong one = 1;
        _ = Libc.Write(_bell, &one, sizeof(ulong));
    }

    public void Silence()
    {
        ulong rings;
        _ = Libc.Read(_bell, &rings, sizeof(ulong));
    }

    public void Dispose()
    {
        _bell.Dispose();
        _epoll.Dispose();
    }

    private void Control(int operation, SafeHandle watched, PollEvents interest, long identity)
    {
        var entry = stackalloc byte[s_eventBytes];
        *(PollEvents*)entry = interest;
        *(long*)(entry + s_identityOffset) = identity;
        if (Libc.EpollControl(_epoll, operation, watched, entry) < 0)
        {
            throw Failure("cannot watch a descriptor");
        }
    }

    private static IOException Failure(string attempt) =>
        new($"{attempt}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
