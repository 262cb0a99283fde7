using System.Runtime.CompilerServices;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Datapath;

/// <summary>
/// The latest packet that a worker dropped at an interface for a reason, its first octets with it: in a fixed number of places, where a newer one
/// takes an older one's. The worker keeps them and the first one reads them: who finds the other at it leaves it, since it is a sample.
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

    private Sample[]? samples;
    private int isBusy;

    /// <summary>Keeps samples from here on.</summary>
    public void Begin() => Volatile.Write(ref samples, new Sample[Places]);

    /// <param name="vif">Whose packet it was, or <see cref="FlowReport.NoVif"/>.</param>
    /// <param name="reason">Why it was dropped.</param>
    /// <param name="facts">What was read of it.</param>
    /// <param name="rule">The rule that denied it.</param>
    /// <param name="packet">As it came.</param>
    public void Keep(uint vif, DropReason reason, in PacketFacts facts, string? rule, ReadOnlySpan<byte> packet)
    {
        if (Volatile.Read(ref samples) is not { } places || Interlocked.Exchange(ref isBusy, 1) != 0)
        {
            return;
        }

        ref var sample = ref places[PlaceOf(vif, reason)];
        sample.Vif = vif;
        sample.Reason = reason;
        sample.Facts = facts;
        sample.Rule = rule;
        sample.Length = packet.Length;
        packet[..Math.Min(packet.Length, HeaderOctets)].CopyTo(sample.Header);
        Volatile.Write(ref isBusy, 0);
    }

    /// <summary>Says which packet was the latest, if one is there, and forgets it.</summary>
    public void Describe(DropReport report, uint vif, DropReason reason)
    {
        if (samples is not { } places || !TryTake(places, vif, reason, out var sample))
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
    }

    private bool TryTake(Sample[] places, uint vif, DropReason reason, out Sample taken)
    {
        taken = default;
        if (Interlocked.Exchange(ref isBusy, 1) != 0)
        {
            return false;
        }

        ref var sample = ref places[PlaceOf(vif, reason)];
        var isThere = sample.Vif == vif && sample.Reason == reason;
        if (isThere)
        {
            taken = sample;
            sample = default;
        }

        Volatile.Write(ref isBusy, 0);
        return isThere;
    }

    private static uint PlaceOf(uint vif, DropReason reason) => (vif * 61 + (uint)reason) % Places;
}
