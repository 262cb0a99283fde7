using Fabric.Primitives;

namespace Fabric.Model.AgentView;

/// <summary>The words of the schema's enumerations.</summary>
internal static class AgentViewNames
{
    public static string Of(TunnelEncapsulations encapsulation) =>
        encapsulation switch
        {
            TunnelEncapsulations.MplsOverGre => "gre",
            TunnelEncapsulations.MplsOverUdp => "udp",
            TunnelEncapsulations.Vxlan => "vxlan",
            _ => throw new ArgumentOutOfRangeException(
                nameof(encapsulation),
                encapsulation,
                "A priority list names one encapsulation at a time."
            ),
        };

    public static TunnelEncapsulations? Encapsulation(string text) =>
        text switch
        {
            "gre" => TunnelEncapsulations.MplsOverGre,
            "udp" => TunnelEncapsulations.MplsOverUdp,
            "vxlan" => TunnelEncapsulations.Vxlan,
            _ => null,
        };

    public static string Of(TrafficDirection direction) => direction == TrafficDirection.Ingress ? "ingress" : "egress";

    public static TrafficDirection? Direction(string text) =>
        text switch
        {
            "ingress" => TrafficDirection.Ingress,
            "egress" => TrafficDirection.Egress,
            _ => null,
        };
}
