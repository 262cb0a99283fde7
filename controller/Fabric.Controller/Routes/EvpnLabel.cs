using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Routes;

/// <summary>The three octets of an EVPN route's label field: a VNI, or a label in the upper 20 bits (RFC 8365 section 5.1.3).</summary>
internal static class EvpnLabel
{
    public static uint Of(uint field, PathAttributes attributes) =>
        field >> (attributes.Encapsulations == TunnelEncapsulations.Vxlan ? 0 : 4);
}
