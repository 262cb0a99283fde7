using System.Net;
using System.Net.Sockets;

namespace Fabric.Broker;

/// <summary>
/// Passes TCP connections on. Kafka's clients connect to the address that the cluster tells them, so a cluster must be reachable under one and the same
/// address everywhere; a relay makes it so in network namespaces that have no way to it.
/// </summary>
/// <param name="server">Where it listens: the address that the cluster tells its clients.</param>
/// <param name="home">The namespace from which the cluster can be reached.</param>
internal sealed class Relay(IPEndPoint server, NetworkNamespace home)
{
    private const int Backlog = 64;

    /// <summary>Listens in a namespace for as long as the program runs.</summary>
    /// <exception cref="InvalidOperationException">The address is taken, or none of the namespace's.</exception>
    public void Serve(NetworkNamespace place, string name)
    {
        Socket listener;
        try
        {
            listener = place.Inside(Listen);
        }
        catch (SocketException exception)
        {
            throw new InvalidOperationException($"cannot listen at {server}{name}: {exception.Message}", exception);
        }

        _ = AcceptAsync(listener);
    }

    private Socket Listen()
    {
        var listener = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(server);
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            var client = await listener.AcceptAsync();
            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        try
        {
            client.NoDelay = true;
            using var near = new NetworkStream(client, ownsSocket: true);
            using var far = new NetworkStream(await ConnectAsync(), ownsSocket: true);
            // Kafka's connections are not half closed: either end takes the other with it.
            await await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The client sees its connection end and tries again, as with any broker that goes away.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = home.Inside(Make);
        try
        {
            await socket.ConnectAsync(server);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket Make() => new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
