using Fabric.Controller.Bgp;
using Fabric.Primitives;

namespace Fabric.Controller.Operations;

/// <summary>Clears sessions as an operator asks for it. Every member runs on the routing loop.</summary>
/// <param name="request">What is to be done, to whichever neighbour.</param>
internal sealed class NeighborClear(BgpSpeaker speaker, ClearRequest request)
{
    public ClearedNeighborDocument Run(BgpNeighbor neighbor) => request.Mode == ClearMode.Hard ? Reset(neighbor) : Refresh(neighbor);

    private ClearedNeighborDocument Reset(BgpNeighbor neighbor)
    {
        if (neighbor.Intent.Settings.AdminDown)
        {
            return Refused(neighbor, "it is administratively down");
        }

        LogCleared(neighbor, []);
        neighbor.Reset(request.Message);
        return Done(neighbor, []);
    }

    private ClearedNeighborDocument Refresh(BgpNeighbor neighbor)
    {
        if (neighbor.Peer.Negotiation is not { } negotiation)
        {
            return Refused(neighbor, "it has no session");
        }

        if (request.Mode != ClearMode.SoftOut && !negotiation.RouteRefresh)
        {
            return Refused(neighbor, "it cannot be asked for its routes again: it has no route refresh (RFC 2918)");
        }

        if (request.Family is { } one && !negotiation.Families.Contains(one))
        {
            return Refused(neighbor, $"its session has no {one}");
        }

        EquatableArray<AddressFamily> families = request.Family is { } asked ? [asked] : negotiation.Families;
        LogCleared(neighbor, families);
        foreach (var family in families)
        {
            if (request.Mode != ClearMode.SoftOut)
            {
                neighbor.AskAgain(family);
            }

            if (request.Mode != ClearMode.SoftIn)
            {
                neighbor.TellAgain(family);
            }
        }

        return Done(neighbor, families);
    }

    private void LogCleared(BgpNeighbor neighbor, EquatableArray<AddressFamily> families) =>
        speaker.LogCleared(
            neighbor.Intent.Name,
            string.Join(' ', [ClearRequest.Word(request.Mode), .. families.Select(family => family.Name)])
        );

    private ClearedNeighborDocument Done(BgpNeighbor neighbor, EquatableArray<AddressFamily> families) =>
        new(neighbor.Intent.Name, ClearRequest.Word(request.Mode), [.. families.Select(family => family.Name)], Refusal: null);

    private ClearedNeighborDocument Refused(BgpNeighbor neighbor, string reason) =>
        new(neighbor.Intent.Name, ClearRequest.Word(request.Mode), [], reason);
}
