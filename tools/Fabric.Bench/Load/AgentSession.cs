using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fabric.Bench.Load;

/// <summary>
/// A host's agent, as far as a control node sees one that only listens: it opens an XMPP stream, subscribes to its VRFs, and hands each item to
/// the tables. It looks for the marks of messages and does not check XML.
/// </summary>
internal sealed class AgentSession : LoadSession
{
    // Several messages of 32 items.
    private const int ReadBuffer = 1 << 18;
    private const int OutsideTable = -1;
    private const uint FirstSource = 0x7F020001;

    private readonly AgentTables _tables;
    private int _vrf = OutsideTable;

    private AgentSession(Socket socket, int number, AgentTables tables)
        : base(socket, number, ReadBuffer) => _tables = tables;

    public override string? FirstWrong => _tables.FirstFault;

    public bool IsOpen { get; private set; }

    private string Name => NameOf(Number);

    /// <summary>The agent's host.</summary>
    public static string NameOf(int agent) => $"agent{agent}.example.net";

    /// <summary>Connects from the agent's own address and opens its stream; null where nobody listens.</summary>
    public static AgentSession? TryConnect(int number, IPEndPoint daemon, AgentTables tables)
    {
        if (Connect(FirstSource + (uint)number, daemon) is not { } socket)
        {
            return null;
        }

        var session = new AgentSession(socket, number, tables);
        session.Send(Encoding.ASCII.GetBytes(Open(session.Name)));
        return session;
    }

    public void Subscribe()
    {
        var stanzas = new StringBuilder();
        for (var slot = 0; slot < AgentPlan.VrfsPerAgent; slot++)
        {
            stanzas.Append(
                $"<iq type=\"set\" from=\"{Name}\" to=\"network-control@contrailsystems.com/bgp-peer\" id=\"subscribe{slot}\">"
                    + "<pubsub xmlns=\"http://jabber.org/protocol/pubsub\">"
                    + $"<subscribe node=\"{AgentPlan.NameOf(AgentPlan.VrfOf(Number, slot))}\">"
                    + $"<options><instance-id>{slot + 1}</instance-id></options></subscribe></pubsub></iq>"
            );
        }

        Send(Encoding.ASCII.GetBytes(stanzas.ToString()));
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (Fault is null)
        {
            var rest = bytes[used..];
            var taken =
                !IsOpen ? TakeOpen(rest)
                : _vrf == OutsideTable ? TakeHead(rest)
                : TakeElement(rest);
            if (taken == 0)
            {
                break;
            }

            used += taken;
        }

        return used;
    }

    private static string Open(string name) =>
        $"<?xml version=\"1.0\"?><stream:stream from=\"{name}\" to=\"network-control@contrailsystems.com\" version=\"1.0\" xml:lang=\"en\""
        + " xmlns=\"jabber:client\" xmlns:stream=\"http://etherx.jabber.org/streams\" >";

    private int TakeOpen(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOf("<stream:stream "u8);
        var length = start < 0 ? -1 : bytes[start..].IndexOf((byte)'>');
        IsOpen = length >= 0;
        return IsOpen ? start + length + 1 : 0;
    }

    // Up to the first item; End-of-RIB has none.
    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var mark = "<items node=\""u8;
        var start = bytes.IndexOf(mark);
        if (start < 0)
        {
            return 0;
        }

        var node = bytes[(start + mark.Length)..];
        var length = node.IndexOf("\">"u8);
        if (length < 0)
        {
            return 0;
        }

        node = node[..length];
        if (!node.SequenceEqual("0/0/EndOfRib"u8))
        {
            _vrf = AgentPlan.VrfOf(node);
            if (_vrf < 0)
            {
                Fault = $"agent {Number}: routes of {Encoding.UTF8.GetString(node)}";
            }
        }

        return start + mark.Length + length + 2;
    }

    private int TakeElement(ReadOnlySpan<byte> bytes)
    {
        var item = "<item id=\""u8;
        var end = "</item>"u8;
        var tableEnd = "</items>"u8;
        if (bytes.StartsWith(item))
        {
            var length = bytes.IndexOf(end);
            if (length < 0)
            {
                return 0;
            }

            length += end.Length;
            if (AgentItem.TryRead(bytes[..length], out var read))
            {
                _tables.Take(Number, _vrf, read);
            }
            else
            {
                _tables.Fault($"agent {Number} in {AgentPlan.NameOf(_vrf)}: {Encoding.UTF8.GetString(bytes[..length])}");
            }

            return length;
        }

        if (bytes.StartsWith(tableEnd))
        {
            _vrf = OutsideTable;
            return tableEnd.Length;
        }

        if (bytes.Length >= item.Length)
        {
            // Nothing is withdrawn while a table loads.
            Fault = $"agent {Number}: {Encoding.UTF8.GetString(bytes[..item.Length])} among items";
        }

        return 0;
    }
}
