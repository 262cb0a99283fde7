using System.Net;
using System.Net.Sockets;
using System.Text;
using Fabric.Bench.Load;

namespace Fabric.Bench.Tests;

/// <summary>Agent 3 is in VRF v3, which imports target 1: the sets 0, 100, 200 and so on.</summary>
[TestFixture]
public sealed class AgentSessionTests
{
    private const string StreamOpen =
        "<?xml version=\"1.0\"?><stream:stream from=\"network-control@contrailsystems.com\" to=\"agent3.example.net\" id=\"++1\""
        + " version=\"1.0\" xml:lang=\"en\" xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";
    private const string EndOfRib =
        "<message from=\"network-control@contrailsystems.com\" to=\"agent3.example.net/bgp-peer\">"
        + "<event xmlns=\"http://jabber.org/protocol/pubsub\"><items node=\"0/0/EndOfRib\"></items></event></message>";

    private AgentTables _tables = null!;
    private Socket _server = null!;
    private AgentSession _session = null!;

    [SetUp]
    public void Connect()
    {
        _tables = new AgentTables(new RouteTable(2000, 1, labelPerRoute: false, probes: 0, AgentPlan.Targets));
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _session = AgentSession.TryConnect(3, (IPEndPoint)listener.LocalEndPoint!, _tables)!;
        _server = listener.Accept();
    }

    [TearDown]
    public void Close()
    {
        _session.Dispose();
        _server.Dispose();
    }

    [Test]
    public void Items_are_taken_wherever_the_stream_is_cut()
    {
        var stream =
            StreamOpen
            + Message("v3", Item("11.0.0.4", 16) + Item("11.0.3.239", 116))
            + "\u0200"
            + EndOfRib
            + Message("v3", Item("11.0.0.0", 16));
        foreach (var octet in Encoding.UTF8.GetBytes(stream))
        {
            Receive([octet]);
        }

        Assert.That((_tables.FirstFault, _session.Fault, _tables.Present), Is.EqualTo(((string?)null, (string?)null, 3L)));
    }

    [Test]
    public void A_route_told_again_is_counted_once()
    {
        Receive(StreamOpen + Message("v3", Item("11.0.0.4", 16)) + Message("v3", Item("11.0.0.4", 16)));
        Assert.That((_tables.Present, _tables.Repeated, _tables.Wrong), Is.EqualTo((1L, 1L, 0L)));
    }

    [TestCase("11.0.0.4", 17u, "192.0.2.1", TestName = "Another label is wrong")]
    [TestCase("11.0.0.4", 16u, "192.0.2.2", TestName = "Another next hop is wrong")]
    [TestCase("11.0.0.10", 17u, "192.0.2.1", TestName = "A route of another target is wrong")]
    [TestCase("11.0.7.208", 216u, "192.0.2.1", TestName = "A route that was not sent is wrong")]
    public void Wrong_content(string address, uint label, string nextHop)
    {
        Receive(StreamOpen + Message("v3", Item(address, label, nextHop)));
        Assert.That((_tables.Present, _tables.Wrong), Is.EqualTo((0L, 1L)));
    }

    [Test]
    public void A_vrf_that_the_agent_is_not_in_is_wrong()
    {
        Receive(StreamOpen + Message("v4", Item("11.0.0.4", 16)));
        Assert.That(
            (_tables.Present, _tables.FirstFault),
            Is.EqualTo((0L, "agent 3 has route 4 in default-domain:bench:v4:v4, where it does not belong"))
        );
    }

    [Test]
    public void Withdrawals_end_the_session()
    {
        Receive(StreamOpen + Message("v3", "<retract id=\"11.0.0.4/32\" />"));
        Assert.That(_session.Fault, Does.Contain("<retract"));
    }

    [Test]
    public void It_says_who_it_is_and_subscribes_to_twenty_vrfs()
    {
        _session.Subscribe();
        _session.Dispose();
        using var reader = new StreamReader(new NetworkStream(_server));
        var said = reader.ReadToEnd();
        Assert.That(
            said,
            Does.StartWith("<?xml version=\"1.0\"?><stream:stream from=\"agent3.example.net\" to=\"network-control@contrailsystems.com\"")
        );
        Assert.That(said.Split("<subscribe node=\"default-domain:bench:v"), Has.Length.EqualTo(21));
        Assert.That(
            said,
            Does.Contain("<subscribe node=\"default-domain:bench:v53:v53\"><options><instance-id>2</instance-id></options></subscribe>")
        );
    }

    private static string Message(string network, string content) =>
        "<message from=\"network-control@contrailsystems.com\" to=\"agent3.example.net/bgp-peer\"><event xmlns=\"http://jabber.org/protocol/pubsub\">"
        + $"<items node=\"1/1/default-domain:bench:{network}:{network}\">{content}</items></event></message>";

    private static string Item(string address, uint label, string nextHop = "192.0.2.1") =>
        $"<item id=\"{address}/32\"><entry><nlri><af>1</af><safi>1</safi><address>{address}/32</address></nlri><next-hops><next-hop><af>1</af>"
        + $"<address>{nextHop}</address><mac></mac><label>{label}</label><vni>0</vni></next-hop></next-hops><version>0</version></entry></item>";

    private void Receive(string text) => Receive(Encoding.UTF8.GetBytes(text));

    // What loopback has been given is not always there at once.
    private void Receive(byte[] bytes)
    {
        _server.Send(bytes);
        for (var left = bytes.Length; left > 0; left -= _session.Receive())
        {
            Assert.That(_session.Fault, Is.Null);
        }
    }
}
