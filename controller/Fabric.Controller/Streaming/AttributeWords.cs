using Fabric.Analytics;
using Fabric.Controller.Inspection;
using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Streaming;

/// <summary>What rows of routes say of path attributes. They are immutable, so that the stream's thread may read them.</summary>
internal sealed class AttributeWords(PathAttributes attributes) : RouteAttributes
{
    public PathAttributes Attributes => attributes;

    protected override void Describe(RouteEvent row)
    {
        row.NextHop = attributes.NextHop.ToString();
        row.Origin = PathWords.Origin(attributes);
        row.AsPath = attributes.AsPath.ToString();
        row.LocalPreference = attributes.LocalPref ?? 0;
        row.MultiExitDiscriminator = attributes.MultiExitDisc ?? 0;
        AddRouteTargets(row);
        AddCommunities(row);
        if (attributes.Encapsulations != TunnelEncapsulations.None)
        {
            row.Encapsulations.AddRange(PathWords.Encapsulations(attributes));
        }
    }

    private void AddRouteTargets(RouteEvent row)
    {
        foreach (var community in attributes.ExtendedCommunities)
        {
            if (community.IsRouteTarget)
            {
                row.RouteTargets.Add(new RouteTarget(community.Value).ToString());
            }
        }
    }

    private void AddCommunities(RouteEvent row)
    {
        foreach (var community in attributes.Communities)
        {
            row.Communities.Add(Community.Of(community).ToString());
        }

        foreach (var community in attributes.LargeCommunities)
        {
            row.Communities.Add(community.ToString());
        }
    }
}
