using System.Globalization;
using System.Net;
using System.Text.Json;
using Fabric.Model.Datapath;

namespace Fabric.Bench.Streaming;

/// <summary>Rows that were read back, beside what was reported: each field, and that neither a row nor a session is missing between two of them.</summary>
/// <param name="host">Who reported them.</param>
/// <param name="isWhole">No report was lost, so that sequences must say the same; else rows are judged by their fields alone.</param>
internal sealed class RowCheck(ReportedHost host, bool isWhole)
{
    private ulong? _offset;
    private ulong? _last;

    /// <summary>Rows that were right.</summary>
    public int Count { get; private set; }

    /// <summary>Rows may be left out from here to the next one; none may have been lost.</summary>
    public void Skip() => _last = null;

    /// <param name="line">A row of fabric.flows, as JSON.</param>
    /// <exception cref="BenchException">It is not as it was reported.</exception>
    public void Take(string line)
    {
        try
        {
            using var row = JsonDocument.Parse(line);
            Take(row.RootElement);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BenchException($"a row can't be read ({exception.Message}): {line}", exception);
        }
    }

    private void Take(JsonElement row)
    {
        var session = Number(row, "session");
        var sequence = Number(row.GetProperty("envelope"), "sequence");
        if (isWhole)
        {
            CheckOrder(session, sequence);
        }

        CheckFields(row, session);
        Count++;
    }

    private void CheckOrder(ulong session, ulong sequence)
    {
        // Sessions are numbered one by one and so are rows: the difference changes with each that is lost, and with each that comes twice.
        _offset ??= sequence - session;
        Require(sequence - session == _offset, session, $"has the sequence {sequence}, {_offset + session} was its turn");
        Require(_last is null || session == _last + 1, session, $"comes after session {_last}");
        _last = session;
    }

    private void CheckFields(JsonElement row, ulong session)
    {
        var isDenied = ReportedSession.IsDenied(session);
        var rule = (isDenied ? ReportedSession.DenyRule : ReportedSession.AllowRule).Split('/');
        var initiator = row.GetProperty("initiator");
        var responder = row.GetProperty("responder");
        Equal(
            row,
            "event",
            ReportedSession.Event(session) switch
            {
                FlowReportEvent.Start => "START",
                FlowReportEvent.Update => "UPDATE",
                _ => "END",
            }
        );
        Equal(row, "started", "2025-01-01T00:00:00Z");
        Equal(row, "protocol", $"{ReportedSession.Protocol}");
        Equal(row, "vrf", host.VrfName);
        Equal(row, "action", isDenied ? "DENY" : "ALLOW");
        Equal(row, "policy", rule[0]);
        Equal(row, "rule", rule[1]);
        Equal(row, "dropReason", isDenied ? ReportedSession.DenyReason : "");
        Equal(row, "side", "INITIATOR_SIDE");
        Equal(row, "remoteHost", Text(ReportedSession.RemoteHost));
        Equal(initiator, "address", Text(ReportedSession.Initiator));
        Equal(initiator, "port", $"{ReportedSession.InitiatorPort(session)}");
        Equal(initiator, "machine", host.Machine);
        Equal(initiator, "network", host.Network);
        Equal(responder, "address", Text(ReportedSession.Responder(session)));
        Equal(responder, "port", $"{ReportedSession.ResponderPort}");
        Equal(responder, "network", host.Network);
        Equal(row.GetProperty("sent"), "packets", $"{ReportedSession.SentPackets(session)}");
        Equal(row.GetProperty("sent"), "bytes", $"{ReportedSession.SentBytes(session)}");
        Equal(row.GetProperty("received"), "packets", $"{ReportedSession.ReceivedPackets(session)}");
        Equal(row.GetProperty("received"), "bytes", $"{ReportedSession.ReceivedBytes(session)}");

        void Equal(JsonElement at, string key, string expected)
        {
            var value = at.TryGetProperty(key, out var found) ? found.ToString() : "";
            Require(value == expected, session, $"has {key} '{value}', not '{expected}'");
        }
    }

    private static void Require(bool condition, ulong session, string otherwise)
    {
        if (!condition)
        {
            throw new BenchException($"the row of session {session} {otherwise}");
        }
    }

    private static ulong Number(JsonElement at, string key) => ulong.Parse(at.GetProperty(key).ToString(), CultureInfo.InvariantCulture);

    private static string Text(uint address) => new IPAddress((uint)IPAddress.HostToNetworkOrder((int)address)).ToString();
}
