using Fabric.Wire.Bgp;

namespace Fabric.Fuzz.Targets;

/// <summary>Reads all that an UPDATE has and puts it in words, so that two readings can be compared.</summary>
internal static class UpdateText
{
    public static string Of(in UpdateView update)
    {
        var text = $"{update.EndOfRib} {update.Fault?.Fault} {update.Fault}";
        foreach (var block in update)
        {
            text += $"; {block.Family} {(block.IsWithdrawal ? "-" : block.Attributes!.GetHashCode())} {Routes(block)}";
        }

        return text;
    }

    private static string Routes(in NlriBlock block)
    {
        var routes = new List<string>();
        switch (block.Family.Safi)
        {
            case 4:
                foreach (var route in block.LabelledRoutes)
                {
                    routes.Add($"{route} {route.Label}");
                }

                break;
            case 128:
                foreach (var route in block.VpnRoutes)
                {
                    routes.Add($"{route} {route.Label}");
                }

                break;
            case 132:
                foreach (var route in block.Memberships)
                {
                    routes.Add(route.ToString());
                }

                break;
            case 70:
                foreach (var route in block.EvpnRoutes)
                {
                    routes.Add($"{route} {route.Data}");
                }

                break;
            default:
                foreach (var route in block.Prefixes)
                {
                    routes.Add(route.ToString());
                }

                break;
        }

        return string.Join(' ', routes);
    }
}
