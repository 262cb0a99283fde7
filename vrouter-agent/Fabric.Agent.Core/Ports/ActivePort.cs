using Fabric.Model.AgentView;

namespace Fabric.Agent.Core.Ports;

/// <summary>A port of which both halves exist, with its numbers.</summary>
public sealed record ActivePort(Port Port, AgentPort Config, AgentVirtualNetwork Network, uint VrfId, uint VifId, uint Label);
