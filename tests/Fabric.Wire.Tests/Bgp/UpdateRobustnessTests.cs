using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class UpdateRobustnessTests
{
    private static readonly byte[][] Messages =
    [
        GoldenMessages.Bytes(GoldenMessages.Ipv4Update),
        GoldenMessages.Bytes(GoldenMessages.Vpnv4Update),
        GoldenMessages.Bytes(GoldenMessages.MembershipUpdate),
        GoldenMessages.Bytes(GoldenMessages.FrrUpdate),
        GoldenMessages.Bytes(GoldenMessages.GoBgpUpdate),
        GoldenMessages.Bytes(GoldenMessages.Open),
        GoldenMessages.Bytes(GoldenMessages.FrrOpen),
        GoldenMessages.Bytes(GoldenMessages.GoBgpOpen),
        GoldenMessages.Bytes(GoldenMessages.Notification),
    ];

    [Test]
    public void A_message_cut_at_any_byte_is_a_fault_or_less_but_no_exception()
    {
        foreach (var message in Messages)
        {
            for (var length = 23; length < message.Length; length++)
            {
                Decoded.Of(message.AsSpan(19..length));
            }
        }
    }

    [Test]
    public void Mutated_messages_throw_nothing([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var message = (byte[])Messages[random.Next(Messages.Length)].Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                message[random.Next(19, message.Length)] = (byte)random.Next(256);
            }

            Decoded.Of(message.AsSpan(19), random.Next(2) == 0 ? Decoded.Internal : Decoded.External with { FourOctetAs = false });
            OpenMessage.TryDecode([.. message[19..], 0, 0, 0, 0, 0, 0, 0, 0], out _, out _);
            _ = NotificationMessage.Decode(message.AsSpan(19)).ToString();
        }
    }

    [Test]
    public void What_is_written_is_read_back([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var attributes = RandomAttributes(random);
            var family = random.Next(2) == 0 ? AddressFamily.Vpnv4 : AddressFamily.Vpnv6;
            var routes = Enumerable.Range(0, random.Next(1, 400)).Select(_ => RandomRoute(random, family)).ToArray();
            var output = new ArrayBufferWriter<byte>();

            UpdatePacker.Advertise<VpnNlri>(family, attributes, routes, new(true, random.Next(2) == 0), output);

            var read = new List<string>();
            var rest = output.WrittenSpan;
            while (!rest.IsEmpty)
            {
                var frame = MessageFrame.Read(rest, extendedMessages: true);
                var decoded = Decoded.Of(frame.Body);
                Assert.That(decoded.Fault, Is.Null);
                Assert.That(decoded.Attributes, Is.EqualTo(attributes));
                read.AddRange(decoded.Reachable);
                rest = rest[frame.TotalBytes..];
            }

            Assert.That(read, Is.EqualTo(routes.Select(r => r.ToString())));
        }
    }

    private static PathAttributes RandomAttributes(Random random) =>
        new()
        {
            Origin = (Origin)random.Next(3),
            AsPath =
                random.Next(2) == 0
                    ? AsPath.Empty
                    : new([
                        new(AsPathSegmentType.Sequence, [.. Enumerable.Range(1, random.Next(1, 100)).Select(i => new AsNumber((uint)i))]),
                    ]),
            NextHop = IpAddress.FromIpv6((UInt128)random.NextInt64() << 64 | (UInt128)random.NextInt64()),
            MultiExitDisc = Maybe(random),
            LocalPref = Maybe(random),
            AtomicAggregate = random.Next(2) == 0,
            Aggregator = random.Next(2) == 0 ? null : new(new AsNumber(70000), IpAddress.Parse("192.0.2.7")),
            Communities = [.. Enumerable.Range(0, random.Next(80)).Select(i => (uint)i)],
            OriginatorId = Maybe(random) is { } id ? new BgpIdentifier(id) : null,
            ClusterList = [.. Enumerable.Range(0, random.Next(3)).Select(i => (uint)i)],
            ExtendedCommunities = [.. Enumerable.Range(0, random.Next(40)).Select(i => new ExtendedCommunity((ulong)i << 40))],
            LargeCommunities = [.. Enumerable.Range(0, random.Next(30)).Select(i => new LargeCommunity(1, 2, (uint)i))],
            PmsiTunnel = random.Next(2) == 0 ? null : new(0, 6, 0x123456, [192, 0, 2, 1]),
            Unknown = random.Next(2) == 0 ? [] : [new(0xE0, 243, [1, 2, 3])],
        };

    private static uint? Maybe(Random random) => random.Next(2) == 0 ? null : (uint)random.Next();

    private static VpnNlri RandomRoute(Random random, AddressFamily family)
    {
        var address =
            family == AddressFamily.Vpnv4
                ? IpAddress.FromIpv4((uint)random.NextInt64())
                : IpAddress.FromIpv6((UInt128)random.NextInt64() << 64);
        return new(
            new RouteDistinguisher((ulong)random.NextInt64()),
            new IpPrefix(address, random.Next(IpPrefix.MaxLength(address.Kind) + 1)),
            new MplsLabel((uint)random.Next((int)MplsLabel.Max))
        );
    }
}
