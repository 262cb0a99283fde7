using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>An UPDATE's content as plain lists, since the view lives only as long as its bytes.</summary>
internal sealed record Decoded(UpdateFault? Fault, AddressFamily? EndOfRib)
{
    public static readonly UpdateContext Internal = new(true, true, [.. AddressFamily.All])
    {
        ExtendedNextHopFamilies = [AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4, AddressFamily.Vpnv4],
    };

    public static readonly UpdateContext External = Internal with { IsInternal = false };

    public List<string> Withdrawn { get; } = [];

    public List<string> Reachable { get; } = [];

    public List<uint> Labels { get; } = [];

    public PathAttributes? Attributes { get; private set; }

    public static Decoded Of(ReadOnlySpan<byte> body, UpdateContext? context = null)
    {
        var view = new UpdateDecoder(new AttributeInterner(), context ?? Internal).Decode(body);
        var decoded = new Decoded(view.Fault, view.EndOfRib);
        foreach (var block in view)
        {
            decoded.Take(block);
        }

        return decoded;
    }

    private void Take(NlriBlock block)
    {
        Attributes ??= block.Attributes;
        var list = block.IsWithdrawal ? Withdrawn : Reachable;
        switch (block.Family.Safi)
        {
            case 4:
                foreach (var route in block.LabelledRoutes)
                {
                    list.Add(route.ToString());
                    Labels.Add(route.Label.Value);
                }

                break;
            case 128:
                foreach (var route in block.VpnRoutes)
                {
                    list.Add(route.ToString());
                    Labels.Add(route.Label.Value);
                }

                break;
            case 132:
                foreach (var route in block.Memberships)
                {
                    list.Add(route.ToString());
                }

                break;
            case 70:
                foreach (var route in block.EvpnRoutes)
                {
                    list.Add(route.ToString());
                }

                break;
            default:
                foreach (var route in block.Prefixes)
                {
                    list.Add(route.ToString());
                }

                break;
        }
    }
}
