using Fabric.Bench.Load;

namespace Fabric.Bench.Candidates;

/// <summary>A program that can be a route reflector for VPNv4.</summary>
internal abstract class Candidate(string name)
{
    protected const int HoldTime = 3600;
    protected const ushort As = RouteTable.AutonomousSystem;

    public string Name { get; } = name;

    /// <summary>OpenBGPD 7.7 counts withdrawals of VPN routes and keeps the routes.</summary>
    public virtual bool WithdrawsVpnRoutes => true;

    /// <summary>Routes above which a run takes too long to be of use.</summary>
    public virtual int MaxRoutes => int.MaxValue;

    /// <summary>Why it cannot run on this machine; null where it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Starts a fresh process that lives until it is disposed.</summary>
    public abstract DaemonProcess Start(CandidateSetup setup);

    /// <summary>Collections of the oldest generation so far; null for those that have no such thing.</summary>
    public virtual int? CountFullCollections(CandidateSetup setup) => null;

    protected static string? MissingFile(string path) => File.Exists(path) ? null : $"there is no {path}";

    protected static string Lines(CandidateSetup setup, Func<System.Net.IPAddress, int, string> line) =>
        string.Join('\n', setup.Clients.Select(line));
}
