using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath.Tests;

public sealed class AccessListTests
{
    [Test]
    public void The_first_rule_is_that_of_reading_them_in_their_order([Values(1, 2, 3)] int seed, [Values(0, 1, 5, 40, 400)] int count)
    {
        var random = new Random(seed);
        var entry = Host.Group(8, "web", [.. Enumerable.Range(0, count).Select(i => RandomRule(random, i))]);
        var list = new AccessList(entry);
        for (var i = 0; i < 2_000; i++)
        {
            var protocol = (byte)random.Next(4);
            var hasPort = protocol is 1 or 2;
            var subject = new PolicySubject(0, 0, protocol, hasPort, hasPort ? (ushort)RandomPort(random) : (ushort)0);
            var remote = RandomAddress(random);
            uint[] groups = [.. Enumerable.Range(0, random.Next(3)).Select(_ => (uint)random.Next(1, 4))];
            var direction = (Direction)random.Next(2);
            var ports = PortSpan.All;
            var allowed = list.Allows(direction, subject, remote, groups, ref ports);
            Assert.That(allowed, Is.EqualTo(Read(entry, direction, subject, remote, groups)));
            Assert.That(ports.Has(subject.DestinationPort));
            var other = subject with { DestinationPort = (ushort)random.Next(ports.First, ports.Last + 1) };
            Assert.That(Read(entry, direction, other, remote, groups), Is.EqualTo(allowed), "the answer is the same for the span");
        }
    }

    [Test]
    public void Ranges_that_meet_or_end_with_the_last_port_are_told_apart()
    {
        var ports = new PortRanges([(3, 0, 79), (4, 80, 80), (5, 81, 65535), (9, 0, 65535)]);
        Assert.That(
            new ushort[] { 0, 79, 80, 81, 65535 }.Select(port => First(ports, port)),
            Is.EqualTo(
                new[]
                {
                    (3, new PortSpan(0, 79)),
                    (3, new PortSpan(0, 79)),
                    (4, new PortSpan(80, 80)),
                    (5, new PortSpan(81, 65535)),
                    (5, new PortSpan(81, 65535)),
                }
            )
        );
    }

    [Test]
    public void Neighbouring_ranges_with_the_same_first_rule_are_one_span()
    {
        var ports = new PortRanges([(0, 10, 5000), (1, 80, 80), (2, 443, 443)]);
        Assert.That(First(ports, 100), Is.EqualTo((0, new PortSpan(10, 5000))));
    }

    private static (int Rank, PortSpan Span) First(PortRanges ports, ushort port)
    {
        var span = PortSpan.All;
        return (ports.First(port, ref span), span);
    }

    private static string? Read(AccessListEntry entry, Direction direction, PolicySubject subject, uint remote, uint[] groups)
    {
        var first = entry.Rules.FirstOrDefault(r =>
            r.Direction == direction
            && (r.Protocol == 0 || r.Protocol == subject.Protocol)
            && (
                r is { PortMin: 0, PortMax: 65535 }
                || (subject.HasPort && subject.DestinationPort >= r.PortMin && subject.DestinationPort <= r.PortMax)
            )
            && new IpPrefix(IpAddress.FromIpv4(r.RemotePrefix & IpPrefix.MaskIpv4((int)r.RemoteLength)), (int)r.RemoteLength).Contains(
                IpAddress.FromIpv4(remote)
            )
            && (r.RemoteGroup == 0 || groups.Contains(r.RemoteGroup))
        );
        return first is null ? null : $"{entry.Name}/{first.Name}";
    }

    private static AccessRule RandomRule(Random random, int number)
    {
        var (a, b) = (RandomPort(random), RandomPort(random));
        return new AccessRule
        {
            Name = $"rule{number}",
            Direction = (Direction)random.Next(2),
            Protocol = (uint)random.Next(3),
            PortMin = random.Next(3) == 0 ? 0 : (uint)Math.Min(a, b),
            PortMax = random.Next(3) == 0 ? 65535 : (uint)Math.Max(a, b),
            RemotePrefix = RandomAddress(random),
            RemoteLength = (uint)(random.Next(3) == 0 ? 0 : random.Next(16, 33)),
            RemoteGroup = (uint)Math.Max(0, random.Next(8) - 4),
        };
    }

    // Few values, so that rules overlap and packets meet their ends.
    private static int RandomPort(Random random) => random.Next(8) == 0 ? 65535 : random.Next(20);

    private static uint RandomAddress(Random random) => 0x0A000000u | (uint)(random.Next(3) << 8) | (uint)random.Next(8);
}
