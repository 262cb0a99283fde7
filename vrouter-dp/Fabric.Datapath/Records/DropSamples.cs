using System.Runtime.CompilerServices;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath;

/// <summary>
/// The latest packet that C# dropped at an interface for a reason, its first octets with it: in a fixed number of places, where a newer one
/// takes an older one's.
/// </summary>
internal sealed class DropSamples
{
    private const int Places = 256;
    private const int HeaderOctets = 128;
    private const byte Icmp = 1;

    private struct Sample
    {
        public uint Vif;
        public DropReason Reason;
        public PacketFacts Facts;
        public string? Rule;
        public int Length;
        public Header Header;
    }

    [InlineArray(HeaderOctets)]
    private struct Header
    {
        private byte first;
    }

    private readonly Sample[] samples = new Sample[Places];

    /// <param name="vif">Whose packet it was, or <see cref="FlowReport.NoVif"/>.</param>
    /// <param name="reason">Why it was dropped.</param>
    /// <param name="facts">What was read of it.</param>
    /// <param name="rule">The rule that denied it.</param>
    /// <param name="packet">As it came.</param>
    public void Keep(uint vif, DropReason reason, in PacketFacts facts, string? rule, ReadOnlySpan<byte> packet)
    {
        ref var sample = ref PlaceOf(vif, reason);
        sample.Vif = vif;
        sample.Reason = reason;
        sample.Facts = facts;
        sample.Rule = rule;
        sample.Length = packet.Length;
        packet[..Math.Min(packet.Length, HeaderOctets)].CopyTo(sample.Header);
    }

    /// <summary>Says which packet was the latest, if one is there, and forgets it.</summary>
    public void Describe(DropReport report, uint vif, DropReason reason)
    {
        ref var sample = ref PlaceOf(vif, reason);
        if (sample.Vif != vif || sample.Reason != reason)
        {
            return;
        }

        report.Rule = sample.Rule ?? "";
        report.Protocol = sample.Facts.Protocol;
        report.Source = sample.Facts.Source;
        report.SourcePort = sample.Facts.SourcePort;
        report.Destination = sample.Facts.Destination;
        report.DestinationPort = sample.Facts.Protocol == Icmp ? sample.Facts.IcmpType : sample.Facts.DestinationPort;
        report.Length = (uint)sample.Length;
        report.Header = ByteString.CopyFrom(((ReadOnlySpan<byte>)sample.Header)[..Math.Min(sample.Length, HeaderOctets)]);
        sample = default;
    }

    private ref Sample PlaceOf(uint vif, DropReason reason) => ref samples[(vif * 61 + (uint)reason) % Places];
}
