using System.Net;

namespace Fabric.Bench.Candidates;

/// <summary>What a candidate is configured with.</summary>
/// <param name="Directory">A folder of its own for configuration, sockets, state and log; it is removed after the run.</param>
/// <param name="Listen">Where it listens for BGP.</param>
/// <param name="Clients">Addresses of the sessions, all of them route reflector clients.</param>
internal sealed record CandidateSetup(string Directory, IPEndPoint Listen, IReadOnlyList<IPAddress> Clients)
{
    /// <summary>BGP Identifier and cluster id.</summary>
    public const string Identifier = "10.255.0.1";

    public string PathOf(string name) => Path.Combine(Directory, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }
}
