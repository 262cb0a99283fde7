using Fabric.Bgp;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>What the session says, to the routing core, to those who watch it, and to the log.</summary>
internal sealed partial class BgpNeighbor
{
    void IBgpPeerEffects.SessionEstablished(SessionNegotiation negotiation)
    {
        _negotiation = negotiation;
        _definition = PeerRules.Of(Intent, negotiation, _speaker.Policies);
        var id = Core.Establish(_definition);
        Id = id;
        _speaker.Enter(id, this);
        SetBlocked(false);
        EstablishedConnection.AllowUnread(negotiation.SendHoldTime);
        if (Core.MembershipStateOf(id) == MembershipState.Waiting)
        {
            _membershipTimer.Set(TimeSpan.FromSeconds(Intent.Settings.MembershipWait.Limit));
        }

        foreach (var observer in _speaker.Observers)
        {
            observer.SessionUp(this);
        }

        _speaker.SessionChanged?.Invoke(this, SessionState.OpenConfirm, null);
        _speaker.LogEstablished(Intent.Name, string.Join(' ', negotiation.Families), negotiation.HoldTime.TotalSeconds);
    }

    void IBgpPeerEffects.SessionDown(SessionEnd end)
    {
        var routes = end.StaleFamilies.IsEmpty ? "its routes are gone" : $"routes kept as stale: {string.Join(' ', end.StaleFamilies)}";
        _speaker.LogDown(Intent.Name, end.Reason, routes);
        _speaker.SessionChanged?.Invoke(this, SessionState.Established, end);
        _membershipTimer.Cancel();
        foreach (var observer in _speaker.Observers)
        {
            observer.SessionDown(this, end);
        }

        if (Id is not { } id)
        {
            return;
        }

        if (end.StaleFamilies.IsEmpty)
        {
            RemoveFromCore();
        }
        else
        {
            Core.MarkStale(id, end.StaleFamilies.AsSpan());
        }
    }

    void IBgpPeerEffects.NotEstablished(SessionState state, SessionEnd end)
    {
        _speaker.LogNotEstablished(Intent.Name, end.Reason, Peer.FailedAttempts);
        _speaker.SessionChanged?.Invoke(this, state, end);
    }

    void IBgpPeerEffects.UpdateArrived(ReadOnlySpan<byte> message)
    {
        foreach (var observer in _speaker.Observers)
        {
            observer.UpdateReceived(this, message);
        }
    }

    void IBgpPeerEffects.UpdateReceived(in UpdateView update)
    {
        var id = Id!.Value;
        foreach (var block in update)
        {
            if (block.Family == AddressFamily.RouteTargetMembership)
            {
                ApplyMemberships(id, block);
            }
            else
            {
                ReceivedRoutes.Apply(Core, id, block);
            }
        }

        foreach (var observer in _speaker.Observers)
        {
            observer.UpdateApplied(this, update);
        }
    }

    void IBgpPeerEffects.UpdateFaulted(UpdateFault fault) => _speaker.LogFault(Intent.Name, fault.ToString()!);

    void IBgpPeerEffects.FamilyDisabled(AddressFamily family, string reason)
    {
        _speaker.LogFault(Intent.Name, $"{family} is disabled: {reason}");
        if (Id is { } id)
        {
            // Nothing of it will be said again.
            Core.BeginRefresh(id, family);
            SweepStale(id, family);
        }
    }

    void IBgpPeerEffects.EndOfRibReceived(AddressFamily family)
    {
        _speaker.LogEndOfRib(Intent.Name, family);
        foreach (var observer in _speaker.Observers)
        {
            observer.EndOfRibReceived(this, family);
        }

        if (family == AddressFamily.RouteTargetMembership)
        {
            MembershipsKnown();
        }
    }

    void IBgpPeerEffects.RouteRefreshRequested(AddressFamily family) => TellAgain(family);

    void IBgpPeerEffects.RefreshBegun(AddressFamily family)
    {
        if (Id is { } id)
        {
            Core.BeginRefresh(id, family);
        }
    }

    void IBgpPeerEffects.PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes) =>
        _speaker.LogFault(Intent.Name, $"it has advertised {prefixes} {family} prefixes, and may {maxPrefixes}");

    void IBgpPeerEffects.StaleBecameLongLived(EquatableArray<AddressFamily> families)
    {
        if (Id is { } id)
        {
            foreach (var family in families)
            {
                Core.MarkLongLivedStale(id, family);
            }
        }
    }

    void IBgpPeerEffects.StaleExpired(EquatableArray<AddressFamily> families)
    {
        if (Id is not { } id)
        {
            return;
        }

        foreach (var family in families)
        {
            SweepStale(id, family);
        }

        if (!IsEstablished && !Peer.HasStaleRoutes)
        {
            RemoveFromCore();
            _speaker.ForgetLater(this);
        }
    }

    void IBgpPeerEffects.RestartCompleted() => _speaker.Gate.NeighborIsDone(Intent.Name);

    private void ApplyMemberships(PeerId id, NlriBlock block)
    {
        foreach (var nlri in block.Memberships)
        {
            var membership = new RouteTargetMembership(nlri.OriginAs, nlri.Target, nlri.Length);
            if (block.Received is { } attributes)
            {
                Core.Advertise(id, membership, attributes);
            }
            else
            {
                Core.Withdraw(id, membership);
            }
        }

        // A speaker without graceful restart need not say when it has sent all; silence says so (RFC 4684 section 6).
        if (Peer.Negotiation is { PeerGracefulRestart: null } && Core.MembershipStateOf(id) == MembershipState.Waiting)
        {
            _membershipTimer.Set(TimeSpan.FromSeconds(Intent.Settings.MembershipWait.Quiet));
        }
    }

    // Ahead of the policies there is no message that says so, hence the observers hear it first.
    private void SweepStale(PeerId id, AddressFamily family)
    {
        foreach (var observer in _speaker.Observers)
        {
            observer.StaleExpires(this, family);
        }

        Core.SweepStale(id, family);
    }

    private void TellRejudged()
    {
        foreach (var observer in _speaker.Observers)
        {
            observer.Rejudged(this);
        }
    }

    private void MembershipsKnown()
    {
        _membershipTimer.Cancel();
        if (Id is { } id)
        {
            Core.MembershipsKnown(id);
            _speaker.Plane.Changed();
        }
    }
}
