using System.Net;
using Fabric.Controller.Bgp;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Controller.Tests;

/// <summary>Passwords and TTLs of neighbours and dynamic prefixes on the listener.</summary>
public sealed class PeerTcpTableTests
{
    private readonly Listener _listener = new();
    private readonly List<string> _refused = [];
    private readonly PeerTcpTable _table;

    public PeerTcpTableTests()
    {
        _table = new PeerTcpTable((name, reason) => _refused.Add($"{name}: {reason}"));
        _table.Start(_listener);
    }

    [SetUp]
    public void Forget()
    {
        _table.Replace([]);
        _listener.Calls.Clear();
        _refused.Clear();
        _listener.Failure = null;
    }

    [Test]
    public void A_neighbour_or_prefix_that_asks_for_nothing_says_so_inside_of_a_prefix_that_asks_for_something()
    {
        _table.Replace(Ranges("{ prefix: 192.0.2.0/24, password: a }, { prefix: 192.0.2.128/25 }"));
        Assert.That(_table.TrySet(Neighbor("password: null")), Is.True);

        Assert.That(
            _listener.Calls,
            Is.EqualTo(
                new[]
                {
                    "192.0.2.0/24 md5: yes, ttl: , minimum ttl: ",
                    "192.0.2.128/25 md5: no, ttl: , minimum ttl: ",
                    "192.0.2.21/32 md5: no, ttl: , minimum ttl: ",
                }
            )
        );
    }

    [Test]
    public void A_password_goes_with_its_neighbour()
    {
        var neighbor = Neighbor("password: secret, ttl-security: 1");

        _table.TrySet(neighbor);
        _table.Remove(neighbor);

        Assert.That(_listener.Calls, Is.EqualTo(new[] { "192.0.2.21/32 md5: yes, ttl: 255, minimum ttl: 255", "192.0.2.21/32 nothing" }));
    }

    [Test]
    public void Neighbours_that_change_addresses_with_each_other_keep_their_passwords()
    {
        var (one, other) = (
            Neighbor("password: a"),
            Neighbor("password: b") with
            {
                Name = "gw2",
                Address = IpAddress.Parse("192.0.2.22"),
            }
        );
        _table.TrySet(one);
        _table.TrySet(other);
        _listener.Calls.Clear();

        // In the order in which a reload has the speaker change them.
        _table.Remove(one);
        _table.TrySet(one with { Address = other.Address });
        _table.Remove(other);
        _table.TrySet(other with { Address = one.Address });

        Assert.That(_listener.Calls.Last(call => call.StartsWith("192.0.2.22/32", StringComparison.Ordinal)), Does.Contain("md5: yes"));
        Assert.That(_listener.Calls.Last(call => call.StartsWith("192.0.2.21/32", StringComparison.Ordinal)), Does.Contain("md5: yes"));
    }

    [Test]
    public void Dynamic_prefixes_are_told_what_changed()
    {
        _table.Replace(Ranges("{ prefix: 10.1.0.0/16, password: a }, { prefix: 10.2.0.0/16 }, { prefix: 10.3.0.0/16, ttl: 2 }"));
        _listener.Calls.Clear();

        _table.Replace(Ranges("{ prefix: 10.1.0.0/16, password: a }, { prefix: 10.2.0.0/16, password: b }"));

        Assert.That(_listener.Calls, Is.EqualTo(new[] { "10.3.0.0/16 nothing", "10.2.0.0/16 md5: yes, ttl: , minimum ttl: " }));
    }

    [Test]
    public void What_the_system_refuses_takes_nobody()
    {
        _listener.Failure = "no room";

        Assert.That(_table.TrySet(Neighbor("password: secret")), Is.False);
        Assert.That(_table.Replace(Ranges("{ prefix: 10.1.0.0/16, password: a }, { prefix: 10.2.0.0/16 }")).Count, Is.EqualTo(1));
        Assert.That(_refused, Is.EqualTo(new[] { "gw1: no room", "prefix 10.1.0.0/16: no room" }));
    }

    private static BgpNeighborIntent Neighbor(string keys) => ControlFile.WithNeighbor(keys).Neighbors.Single();

    private static EquatableArray<DynamicNeighborOptions> Ranges(string ranges) =>
        ControlFile.Read($"dynamic-neighbors: [{ranges}]\n").DynamicNeighbors;

    private sealed class Listener : IListener
    {
        public List<string> Calls { get; } = [];

        public string? Failure { get; set; }

        public EndPoint Local => new IPEndPoint(IPAddress.Loopback, 179);

        public void SetPeerOptions(IPNetwork peers, PeerTcpOptions? options)
        {
            if (Failure is not null && options?.Md5Key is not null)
            {
                throw new IOException(Failure);
            }

            Calls.Add($"{peers} {options?.ToString() ?? "nothing"}");
        }

        public void Dispose() { }
    }
}
