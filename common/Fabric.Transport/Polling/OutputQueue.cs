using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fabric.Runtime;
using Fabric.Transport.Native;

namespace Fabric.Transport.Polling;

/// <summary>What a connection has yet to send, in segments; it holds memory only while there is something.</summary>
internal sealed unsafe class OutputQueue(OutputSegmentPool pool)
{
    private const int VectorsPerWrite = 64;

    // A segment with less is copied: a queue holds at most four times the memory of its bytes.
    private const int SharedFromBytes = OutputSegmentPool.SegmentBytes / 4;

    private readonly Queue<OutputSegment> _segments = new();
    private OutputSegment? _open;
    private int _sentOfFirst;

    public int Bytes { get; private set; }

    /// <summary>Copies the bytes behind what is queued.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_open is null || _open.Free.IsEmpty)
            {
                _open = pool.Rent();
                _segments.Enqueue(_open);
            }

            var part = bytes[..Math.Min(bytes.Length, _open.Free.Length)];
            part.CopyTo(_open.Free);
            _open.Advance(part.Length);
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Queues a segment that others may hold as well; one with few bytes is copied.</summary>
    public void Append(OutputSegment segment)
    {
        if (segment.Length < SharedFromBytes)
        {
            Append(segment.Bytes);
            return;
        }

        segment.Retain();
        _segments.Enqueue(segment);
        _open = null;
        Bytes += segment.Length;
    }

    /// <summary>
    /// Hands the socket as much as it takes. Returns null, or in words why it will take nothing any more; with bytes left and no
    /// such words the socket's buffer is full.
    /// </summary>
    public string? Write(Socket socket)
    {
        while (Bytes > 0)
        {
            var sent = _segments.Count == 1 ? SendFirst(socket.SafeHandle) : SendVectors(socket.SafeHandle);
            if (sent >= 0)
            {
                Drop((int)sent);
            }
            else if (Marshal.GetLastPInvokeError() is not Libc.Interrupted and var error)
            {
                return error == Libc.TryAgain ? null : Marshal.GetPInvokeErrorMessage(error);
            }
        }

        return null;
    }

    public void Clear() => Drop(Bytes);

    // The system has no list to fetch: what a connection has to say about one change is found in one segment.
    private nint SendFirst(SafeSocketHandle socket)
    {
        var rest = _segments.Peek().Bytes[_sentOfFirst..];
        return Libc.Send(socket, Unsafe.AsPointer(ref MemoryMarshal.GetReference(rest)), (nuint)rest.Length, Libc.MessageNoSignal);
    }

    // Of the vectors those are set that are used; to clear the others is most of the method.
    [SkipLocalsInit]
    private nint SendVectors(SafeSocketHandle socket)
    {
        var vectors = stackalloc Libc.Vector[VectorsPerWrite];
        var count = 0;
        var skipped = _sentOfFirst;
        foreach (var segment in _segments)
        {
            var rest = segment.Bytes[skipped..];
            skipped = 0;
            // A segment's memory does not move.
            vectors[count].Base = Unsafe.AsPointer(ref MemoryMarshal.GetReference(rest));
            vectors[count].Length = (nuint)rest.Length;
            if (++count == VectorsPerWrite)
            {
                break;
            }
        }

        var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = (nuint)count };
        return Libc.SendMessage(socket, &message, Libc.MessageNoSignal);
    }

    private void Drop(int count)
    {
        Bytes -= count;
        while (count > 0)
        {
            var first = _segments.Peek();
            var left = first.Length - _sentOfFirst;
            if (count < left)
            {
                _sentOfFirst += count;
                return;
            }

            count -= left;
            _sentOfFirst = 0;
            _segments.Dequeue();
            if (first == _open)
            {
                _open = null;
            }

            first.Release();
        }
    }
}
