namespace Fabric.Simulation;

/// <summary>What goes wrong, and how it is mended.</summary>
public sealed partial class FabricSim
{
    private readonly HashSet<(string First, string Second)> _cutLinks = [];
    private readonly HashSet<(string Reader, string Writer)> _slowReaders = [];

    /// <summary>Takes the control network between two nodes down. Tunnels between hosts are another network.</summary>
    public FabricSim Cut(string first, string second)
    {
        Note($"cut {first} {second}");
        _cutLinks.Add((first, second));
        Links.Cut(first, second);
        return this;
    }

    public FabricSim Heal(string first, string second)
    {
        Note($"heal {first} {second}");
        _cutLinks.Remove((first, second));
        Links.Heal(first, second);
        return this;
    }

    /// <summary>Resets the connections between two nodes.</summary>
    public FabricSim Reset(string first, string second)
    {
        Note($"reset {first} {second}");
        Links.Reset(first, second);
        return this;
    }

    /// <summary>A node stops reading what another sends on the connections that they have now.</summary>
    public FabricSim SlowReader(string reader, string writer, bool isSlow = true)
    {
        Note(isSlow ? $"{reader} stops reading from {writer}" : $"{reader} reads from {writer} again");
        _ = isSlow ? _slowReaders.Add((reader, writer)) : _slowReaders.Remove((reader, writer));
        Links.SetSlowReader(reader, writer, isSlow);
        return this;
    }

    public FabricSim CrashControl(int number)
    {
        var node = _controlNodes[number - 1];
        if (node.Node is not null)
        {
            Note($"crash {node.Name}");
            node.Crash();
        }

        return this;
    }

    public FabricSim RestartControl(int number)
    {
        var node = _controlNodes[number - 1];
        if (node.Node is null)
        {
            Note($"restart {node.Name}");
            node.Start();
            node.CatchUp(_requests);
        }

        return this;
    }

    public FabricSim CrashAgent(int number)
    {
        var host = _hosts[number - 1];
        if (host.Agent is not null)
        {
            Note($"crash agent of {host.Name}");
            host.CrashAgent();
        }

        return this;
    }

    public FabricSim RestartAgent(int number)
    {
        var host = _hosts[number - 1];
        if (host.Agent is null)
        {
            Note($"restart agent of {host.Name}");
            host.StartAgent(ControllerEndPoints);
        }

        return this;
    }

    public FabricSim CrashDatapath(int number)
    {
        var host = _hosts[number - 1];
        if (host.Datapath is not null)
        {
            Note($"crash data plane of {host.Name}");
            host.CrashDatapath();
        }

        return this;
    }

    public FabricSim RestartDatapath(int number)
    {
        var host = _hosts[number - 1];
        if (host.Datapath is null)
        {
            Note($"restart data plane of {host.Name}");
            host.StartDatapath();
        }

        return this;
    }

    /// <summary>The gateway's BGP dies; it goes on forwarding by what it knew.</summary>
    public FabricSim CrashGateway(int number)
    {
        var gateway = _gateways[number - 1];
        if (gateway.IsUp)
        {
            Note($"crash {gateway.Name}");
            gateway.Crash();
        }

        return this;
    }

    public FabricSim RestartGateway(int number)
    {
        var gateway = _gateways[number - 1];
        if (!gateway.IsUp)
        {
            Note($"restart {gateway.Name}");
            gateway.Start(_controlNodes, isRestart: true);
        }

        return this;
    }

    /// <summary>Everything is up, connected and read again.</summary>
    public FabricSim HealAll()
    {
        foreach (var (first, second) in _cutLinks.ToList())
        {
            Heal(first, second);
        }

        foreach (var (reader, writer) in _slowReaders.ToList())
        {
            SlowReader(reader, writer, isSlow: false);
        }

        Underlay.Loss = 0;
        Underlay.Reorder = 0;
        for (var number = 1; number <= _controlNodes.Count; number++)
        {
            RestartControl(number);
        }

        for (var number = 1; number <= _hosts.Count; number++)
        {
            RestartDatapath(number);
            RestartAgent(number);
        }

        for (var number = 1; number <= _gateways.Count; number++)
        {
            RestartGateway(number);
        }

        return this;
    }
}
