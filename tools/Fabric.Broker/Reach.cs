using System.ComponentModel;
using System.Net;

namespace Fabric.Broker;

/// <summary>Where a cluster can be reached: under the addresses that it tells its clients, here and in network namespaces that have no way to it.</summary>
internal static class Reach
{
    /// <summary>Does what the options say. Returns the cluster, or null where one is there already.</summary>
    /// <exception cref="InvalidOperationException">An address is taken, or a namespace may not be entered.</exception>
    public static MockCluster? Start(BrokerOptions options)
    {
        if (options is { Port: null, Servers.Count: 0 })
        {
            return new MockCluster();
        }

        var own = NetworkNamespace.Current();
        MockCluster? cluster = null;
        IReadOnlyList<Relay> relays = [.. options.Servers.Select(server => new Relay(server, own))];
        if (options.Port is { } port)
        {
            (cluster, var relay) = StartCluster(new IPEndPoint(IPAddress.Loopback, port));
            relay.Serve(own, "");
            relays = [relay];
        }

        foreach (var path in options.Namespaces)
        {
            Serve(path, relays);
        }

        return cluster;
    }

    /// <summary>
    /// A mock cluster at a port of our choosing. librdkafka lets the kernel choose, so the cluster is made in a namespace of its own in which there is
    /// only that port to be had, and a relay leads to it.
    /// </summary>
    private static (MockCluster Cluster, Relay Relay) StartCluster(IPEndPoint server)
    {
        var home = NetworkNamespace.Create();
        var cluster = home.InsideWithOnlyPort(server.Port, () => new MockCluster());
        return cluster.Bootstraps == server.ToString()
            ? (cluster, new Relay(server, home))
            : throw new InvalidOperationException($"the cluster took {cluster.Bootstraps} in place of {server}");
    }

    private static void Serve(string path, IReadOnlyList<Relay> relays)
    {
        try
        {
            var place = NetworkNamespace.Open(path);
            foreach (var relay in relays)
            {
                relay.Serve(place, $" in {path}");
            }
        }
        catch (Win32Exception exception) when (exception is not System.Net.Sockets.SocketException)
        {
            throw new InvalidOperationException($"namespace {path}: {exception.Message}", exception);
        }
    }
}
