using System.Buffers;
using System.Text;
using System.Text.Json;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Streaming;
using Fabric.Analytics;
using Fabric.Analytics.Json;
using Fabric.Fuzz.Engine;
using Fabric.Model.Datapath;
using Fabric.Testing;
using Google.Protobuf;

namespace Fabric.Fuzz.Targets;

/// <summary>
/// What a data plane tells its agent of sessions and drops: a report is a row, or is counted as none. An input is taken as a message, and as the octets of
/// its flows. The agent knows its ports or waits for them; it publishes each session, or sums up with hardly any room.
/// </summary>
internal sealed class DataPlaneRecords : IFuzzSubject, IDisposable
{
    private static readonly EventStamp s_stamp = new("host1", SourceKind.HostAgent, 1, 1, 1);

    private readonly ManualLoop _loop = new();
    private readonly AgentStream _stream;
    private readonly bool _sumsUp;
    private readonly List<FlowRow> _rows = [];
    private readonly List<IStreamEvent> _events = [];
    private long _published;
    private long _reports;
    private long _drops;
    private int _lost;

    public DataPlaneRecords(Random random)
    {
        _sumsUp = random.Next(2) == 0;
        var summaries = new SummaryOptions(Interval: 1_000_000, SessionPatience: 10_000_000) { MaxSummaries = 2, MaxSessions = 3 };
        var outlet = new StreamOutlet(Publish, rows => _rows.AddRange(rows), rows => _lost = rows);
        _stream = new AgentStream("host1", _loop, outlet, _sumsUp ? summaries : null);
        _stream.Start();
        _stream.DataPlaneConnected();
        if (random.Next(4) > 0)
        {
            var ports = new Batch { EndSnapshot = true };
            ports.Vrfs.Add(new VrfEntry { Id = 1, Name = "default-domain:acme:red:red" });
            ports.Vifs.Add(
                new VifEntry
                {
                    Id = 1,
                    PortId = "p1",
                    Network = "default-domain:acme:red",
                    Vrf = 1,
                }
            );
            _stream.BatchSent(ports, new Dictionary<string, ActivePort>(StringComparer.Ordinal));
        }
    }

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        Take(new Records { Flows = ByteString.CopyFrom(input) });
        try
        {
            Take(Records.Parser.ParseFrom(input));
        }
        catch (InvalidProtocolBufferException)
        {
            // The connection ends here.
        }
    }

    public void Check()
    {
        // Longer than the agent waits for its ports.
        _loop.Advance(TimeSpan.FromSeconds(11));
        var told = _stream.Statistics();
        Invariant.Holds(
            told.Flows + told.Malformed == _reports,
            $"{_reports} reports and names, {told.Flows} rows, {told.Malformed} malformed"
        );
        Invariant.Holds(told.Drops == _drops, $"{_drops} drops, {told.Drops} rows");
        Invariant.Holds(_lost >= 0, "a negative number of lost rows");
        _published += _rows.Count;
        Invariant.Holds(_sumsUp ? _published <= told.Flows : _published == told.Flows, $"{told.Flows} reports, {_published} rows");
        Taken = (int)(told.Flows + told.Drops);
        _rows.ForEach(row => CanBeRead(row));
        _events.ForEach(row => JsonParser.Default.Parse(EventJson.Format(row), row.Descriptor));
        _rows.Clear();
        _events.Clear();
    }

    public void Dispose() => _stream.Dispose();

    private void Take(Records records)
    {
        // Of names only those of the number 0 are refused: there are never so many here. A message with a report that is cut counts it, and all others with it.
        var (whole, rest) = Math.DivRem(records.Flows.Length, FlowReport.Octets);
        _reports += whole + (rest > 0 ? 1 : 0) + records.Names.Count(name => name.Number == 0);
        _drops += records.Drops.Count;
        _stream.RecordsReceived(records);
    }

    private bool Publish(IStreamEvent row)
    {
        _events.Add(row);
        return true;
    }

    private static void CanBeRead(in FlowRow row)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            FlowJson.Write(writer, row, s_stamp);
        }

        var message = JsonParser.Default.Parse<FlowRecord>(Encoding.UTF8.GetString(output.WrittenSpan));
        Invariant.Holds(message.Equals(row.ToMessage(s_stamp)), "a row is another one after writing and reading");
    }
}
