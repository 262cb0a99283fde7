using System.Text;
using Fabric.Agent.Core.Xmpp;
using Fabric.Fuzz.Engine;
using Fabric.Model.AgentView;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Fuzz.Targets;

/// <summary>The agent's end of a connection to a control node, with the record of what it heard and did.</summary>
internal sealed class AgentEnd : IControllerSessionEffects
{
    private bool _isSecuring;

    public AgentEnd(bool useTls)
    {
        var options = new ControllerSessionOptions
        {
            AgentName = "host7.example.net",
            JitterSeed = 7,
            UseTls = useTls,
            ControllerNames = ["control1"],
            MaximumStanzaBytes = 4096,
        };
        Session = new ControllerSession(options, this);
        Session.Start();
        Session.Connected();
    }

    public ControllerSession Session { get; }

    /// <summary>Routes and objects of the view.</summary>
    public int Learnt { get; private set; }

    public List<string> Log { get; } = [];

    public int Receive(ReadOnlySpan<byte> bytes)
    {
        var consumed = Session.Receive(bytes);
        if (_isSecuring)
        {
            _isSecuring = false;
            Session.Secured(["control1"]);
        }

        return consumed;
    }

    void IControllerSessionEffects.Connect() => Log.Add("connect");

    void IControllerSessionEffects.Send(ReadOnlySpan<byte> bytes) => Log.Add($"send {Encoding.UTF8.GetString(bytes)}");

    void IControllerSessionEffects.StartTls() => _isSecuring = true;

    void IControllerSessionEffects.SetTimer(ControllerSessionTimer timer, TimeSpan time) { }

    void IControllerSessionEffects.CancelTimer(ControllerSessionTimer timer) { }

    void IControllerSessionEffects.Close(string reason) => Log.Add($"close {reason}");

    void IControllerSessionEffects.Established() => Log.Add("established");

    void IControllerSessionEffects.Down(string reason)
    {
        Invariant.Holds(!string.IsNullOrWhiteSpace(reason), "down without a reason");
        Log.Add($"down {reason}");
    }

    void IControllerSessionEffects.RouteUpdated(string vrf, UnicastItem item)
    {
        Invariant.Holds(item.NextHops.Count > 0, "a route without a next hop");
        Learnt++;
        Log.Add($"route {vrf} {item.Prefix}");
    }

    void IControllerSessionEffects.RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix) => Log.Add($"retract {vrf} {prefix}");

    void IControllerSessionEffects.EndOfRibReceived() => Log.Add("end of rib");

    void IControllerSessionEffects.ConfigReceived(ConfigStanza config)
    {
        foreach (var update in config.Updates)
        {
            var objects = new List<AgentViewObject>();
            var isGood = AgentViewXml.TryDecodeUpdate(update.Span, objects, out var error);
            Invariant.Holds(isGood == (error is null), "a fault without words");
            Learnt += objects.Count;
            Log.Add($"{objects.Count} objects {error}");
        }

        foreach (var delete in config.Deletes)
        {
            var keys = new List<AgentViewKey>();
            AgentViewXml.TryDecodeDelete(delete.Span, keys, out var error);
            Log.Add($"{keys.Count} keys {error}");
        }
    }

    void IControllerSessionEffects.EndOfConfigReceived(ulong generation) => Log.Add($"end of config {generation}");

    void IControllerSessionEffects.InputSkipped(string reason) => Log.Add($"skipped {reason}");
}
