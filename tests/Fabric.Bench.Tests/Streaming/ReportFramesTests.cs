using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fabric.Bench.Streaming;
using Fabric.Model.Datapath;

namespace Fabric.Bench.Tests.Streaming;

[TestFixture]
public sealed class ReportFramesTests
{
    private const int LengthOctets = 4;
    private static readonly ReportedHost s_host = new(Vif: 7, Vrf: 3, VrfName: "vrf", Network: "net", Machine: "vm1");

    [Test]
    public void Sessions_are_numbered_one_by_one_from_frame_to_frame()
    {
        var frames = new ReportFrames(s_host);

        var sessions = Enumerable.Range(0, 3).SelectMany(_ => Reports(frames.Next(1)).Select(report => report.Session));

        Assert.That(sessions, Is.EqualTo(Enumerable.Range(1, 3 * ReportFrames.Reports).Select(number => (ulong)number)));
        Assert.That(frames.Last, Is.EqualTo(3 * ReportFrames.Reports));
    }

    [Test]
    public void A_report_has_the_numbers_that_the_agent_gave()
    {
        var report = Reports(new ReportFrames(s_host).Next(1_700_000_000_000_000))[0];

        Assert.That((report.Time, report.InitiatorVif, report.Vrf), Is.EqualTo((1_700_000_000_000_000, 7u, 3u)));
        Assert.That(report.ResponderVif, Is.EqualTo(FlowReport.NoVif));
    }

    [Test]
    public void One_session_in_ten_is_denied_and_says_why()
    {
        var reports = Reports(new ReportFrames(s_host).Next(1));

        Assert.That(reports.Count(report => report.IsDenied), Is.EqualTo(ReportFrames.Reports / 10));
        Assert.That(reports.All(report => report.IsDenied == (report.Reason != 0)), Is.True);
    }

    [Test]
    public void Every_number_in_the_reports_has_a_name()
    {
        var frames = new ReportFrames(s_host);

        var names = Parse(frames.Names()).Names.ToDictionary(entry => entry.Number, entry => entry.Name);

        var reports = Reports(frames.Next(1));
        Assert.That(
            reports.Select(report => names[report.Rule]).Distinct(),
            Is.EquivalentTo(new[] { "web/allow-https", "web/default-deny" })
        );
        Assert.That(reports.Select(report => names[report.RemoteNetwork]).Distinct(), Is.EqualTo(new[] { "net" }));
    }

    private static FlowReport[] Reports(ReadOnlySpan<byte> frame) =>
        MemoryMarshal.Cast<byte, FlowReport>(Parse(frame).Flows.Span).ToArray();

    private static Records Parse(ReadOnlySpan<byte> frame)
    {
        Assert.That(BinaryPrimitives.ReadInt32BigEndian(frame), Is.EqualTo(frame.Length - LengthOctets));
        return Envelope.Parser.ParseFrom(frame[LengthOctets..]).Records;
    }
}
