using System.Net;
using System.Net.Sockets;

namespace Fabric.Bench.Candidates;

/// <summary>What a candidate is configured with.</summary>
/// <param name="Directory">A folder of its own for configuration, sockets, state and log; it is removed after the run.</param>
/// <param name="Listen">Where it listens for BGP.</param>
/// <param name="Clients">Addresses of the sessions, all of them route reflector clients.</param>
internal sealed record CandidateSetup(string Directory, IPEndPoint Listen, IReadOnlyList<IPAddress> Clients)
{
    /// <summary>BGP Identifier and cluster id.</summary>
    public const string Identifier = "10.255.0.1";

    /// <summary>A folder, named after this process so that a later one can tell whether it still lives, and a port that nobody has.</summary>
    public static CandidateSetup Create(IReadOnlyList<IPAddress> clients)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.77.0.1"), 0));
        return new CandidateSetup(
            System.IO.Directory.CreateTempSubdirectory($"fabric-bench-{Environment.ProcessId}-").FullName,
            (IPEndPoint)socket.LocalEndPoint!,
            clients
        );
    }

    public string PathOf(string name) => Path.Combine(Directory, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }
}
