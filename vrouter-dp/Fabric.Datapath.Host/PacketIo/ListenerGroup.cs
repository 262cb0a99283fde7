namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packet sockets at one device, one for each worker, among which the kernel divides what comes in (PACKET_FANOUT, packet(7)) by the connection
/// inside, so that a flow's packets stay in order; see <see cref="WorkerChoice"/>.
/// </summary>
internal static class ListenerGroup
{
    /// <summary>Opens them. A kernel that cannot divide packets so has one, the first worker's.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="isOfTunnels">Packets of the underlay, which are divided by what is inside their tunnel.</param>
    /// <param name="open">Opens one.</param>
    /// <exception cref="IOException">The device is gone, or the right CAP_NET_RAW is missing.</exception>
    public static IReadOnlyList<PacketSocket> Open(int workers, bool isOfTunnels, Func<PacketSocket> open)
    {
        if (workers == 1)
        {
            return [open()];
        }

        var members = new List<PacketSocket>();
        try
        {
            // A member takes nothing before all are there: what the others would have got was somebody else's.
            for (var worker = 0; worker < workers; worker++)
            {
                members.Add(open());
                members[worker].Mute();
                if (!members[worker].TryJoin(members[0], isOfTunnels))
                {
                    PacketSocket.DisposeAll(members);
                    return [open()];
                }
            }

            members.ForEach(static member => member.Unmute());
            return members;
        }
        catch
        {
            PacketSocket.DisposeAll(members);
            throw;
        }
    }
}
