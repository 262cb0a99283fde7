using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Follows a TCP connection by its segments. All of them are forwarded, whatever they are: only what the flow table makes of them, a closed
/// pair that is forgotten soon, must not be in the hand of whoever guesses addresses and ports.
/// </summary>
internal static class TcpTracker
{
    /// <param name="flow">The segment's direction.</param>
    /// <param name="reverse">The other direction; an empty one where there is none.</param>
    /// <param name="facts">The packet.</param>
    public static void Follow(ref FlowSlot flow, in FlowSlot reverse, in PacketFacts facts)
    {
        if ((facts.Tcp & TcpFlags.Reset) != TcpFlags.None)
        {
            if (Closes(flow, reverse, facts))
            {
                flow.Advance(TcpProgress.Reset);
            }

            return;
        }

        // A fragment's head says nothing of its length.
        if (!facts.IsFragment)
        {
            Follow(ref flow, facts);
        }

        flow.Advance(Progress(facts.Tcp));
    }

    private static void Follow(ref FlowSlot flow, in PacketFacts facts)
    {
        ref readonly var segment = ref facts.Segment;
        var end = segment.Sequence + segment.Length;
        var isSyn = (facts.Tcp & TcpFlags.Syn) != TcpFlags.None;
        if (isSyn || flow.Tcp == TcpProgress.None || (int)(end - flow.TcpEnd) > 0)
        {
            flow.TcpEnd = end;
        }

        if (isSyn)
        {
            flow.TcpScale = segment.Scale;
        }

        if ((facts.Tcp & TcpFlags.Acknowledgment) != TcpFlags.None)
        {
            flow.TcpAcknowledged = segment.Acknowledgment;
        }

        flow.TcpWindow = segment.Window;
    }

    // RFC 5961 section 3.2: in the receiver's window is not enough, the sequence number is the one that it expects next. It has told what
    // that is, or it is what follows the last data on their way to it. A refusal of a SYN is told by what it acknowledges (RFC 9293 section
    // 3.10.7.3).
    private static bool Closes(in FlowSlot flow, in FlowSlot reverse, in PacketFacts facts)
    {
        ref readonly var reset = ref facts.Segment;
        if (flow.Tcp != TcpProgress.None && reset.Sequence == flow.TcpEnd)
        {
            return true;
        }

        if ((reverse.Tcp & TcpProgress.Acknowledged) != TcpProgress.None && reset.Sequence == reverse.TcpAcknowledged)
        {
            return true;
        }

        return flow.Tcp == TcpProgress.None
            && (
                reverse.Tcp == TcpProgress.None
                || ((facts.Tcp & TcpFlags.Acknowledgment) != TcpFlags.None && reset.Acknowledgment == reverse.TcpEnd)
            );
    }

    private static TcpProgress Progress(TcpFlags flags) =>
        ((flags & TcpFlags.Syn) != TcpFlags.None ? TcpProgress.Syn : TcpProgress.None)
        | ((flags & TcpFlags.Acknowledgment) != TcpFlags.None ? TcpProgress.Acknowledged : TcpProgress.None)
        | ((flags & TcpFlags.Fin) != TcpFlags.None ? TcpProgress.Fin : TcpProgress.None);
}
