using Fabric.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Fabric.Analytics.Tests;

internal static class FlowRows
{
    private static readonly Gen<IpAddress> Addresses = Gen.OneOf(
        Gen.Constant(default(IpAddress)),
        ArbMap.Default.GeneratorFor<uint>().Select(IpAddress.FromIpv4),
        ArbMap.Default.GeneratorFor<ulong>().Select(low => IpAddress.FromIpv6(new UInt128(0x2001_0db8_0000_0000, low)))
    );

    // Years 1970 to 2200.
    private static readonly Gen<long> Times = ArbMap
        .Default.GeneratorFor<ulong>()
        .SelectMany(number => Gen.Elements(1L, 1000L, 1_000_000L).Select(unit => (long)(number % 7_258_118_400_000_000) / unit * unit));

    private static readonly Gen<ulong> Numbers = Gen.OneOf(Gen.Elements(0UL, ulong.MaxValue), ArbMap.Default.GeneratorFor<ulong>());

    private static readonly Gen<FlowRowEndpoint> Endpoints =
        from address in Addresses
        from port in ArbMap.Default.GeneratorFor<ushort>()
        from machine in Texts.Escaped
        from network in Texts.Escaped
        from length in ArbMap.Default.GeneratorFor<byte>()
        select new FlowRowEndpoint(address, port, machine, network) { PrefixLength = length };

    public static Arbitrary<(FlowRow Row, EventStamp Stamp)> Arbitrary { get; } =
        (
            from times in Times.ArrayOf(3)
            from numbers in Numbers.ArrayOf(7)
            from texts in Texts.Escaped.ArrayOf(5)
            from addresses in Addresses.ArrayOf(3)
            from ends in Endpoints.ArrayOf(2)
            from value in Gen.Choose(0, 2)
            from side in Gen.Choose(0, 3)
            from happened in Gen.Choose(0, 4)
            select (
                new FlowRow
                {
                    Time = times[0],
                    Event = (FlowEvent)happened,
                    Session = numbers[0],
                    Started = times[1],
                    Initiator = ends[0],
                    Responder = ends[1],
                    Protocol = (byte)numbers[1],
                    Vrf = texts[0],
                    SentPackets = numbers[1],
                    SentBytes = numbers[2],
                    ReceivedPackets = numbers[3],
                    ReceivedBytes = numbers[4],
                    Action = (FlowAction)value,
                    Policy = texts[1],
                    Rule = texts[2],
                    DropReason = texts[3],
                    TranslatedInitiator = addresses[0],
                    TranslatedInitiatorPort = (ushort)numbers[5],
                    TranslatedResponder = addresses[1],
                    TranslatedResponderPort = (ushort)numbers[6],
                    Side = (FlowSide)side,
                    Sampling = (uint)numbers[0],
                    RemoteHost = addresses[2],
                    Sessions = (uint)numbers[6],
                },
                new EventStamp(texts[4] ?? "", (SourceKind)side, numbers[5], numbers[6], times[2])
            )
        ).ToArbitrary();

    public static FlowRow Sample { get; } =
        new()
        {
            Time = 1_764_000_001_500_000,
            Event = FlowEvent.End,
            Session = 7,
            Started = 1_764_000_000_000_000,
            Initiator = new FlowRowEndpoint(IpAddress.Parse("10.1.0.10"), 40000, "vm1", "default-domain:acme:red"),
            Responder = new FlowRowEndpoint(IpAddress.Parse("10.1.0.11"), 443, "vm2", "default-domain:acme:red"),
            Protocol = 6,
            Vrf = "default-domain:acme:red:red",
            SentPackets = 3,
            SentBytes = 180,
            Action = FlowAction.Deny,
            Policy = "acme:web",
            Rule = "ingress 2",
            DropReason = "security-group-ingress",
            Side = FlowSide.ResponderSide,
            RemoteHost = IpAddress.Parse("192.0.2.11"),
        };
}
