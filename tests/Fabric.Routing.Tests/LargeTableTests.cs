namespace Fabric.Routing.Tests;

/// <summary>Tables that outgrow their first pieces of memory, groups of more than eight, sets of more than a kilobyte.</summary>
internal sealed class LargeTableTests
{
    private const int Routes = 6_000;

    private readonly Fixture _rib = new(clusterId: 7);

    [Test]
    public void Twenty_receivers_hear_of_all_routes_and_of_their_end_and_nothing_is_left()
    {
        var source = _rib.Internal("source", client: true);
        for (var i = 0; i < 20; i++)
        {
            _rib.Internal($"r{i}", client: true);
        }

        for (var i = 0; i < Routes; i++)
        {
            _rib.Vpn(
                source,
                "64512:1",
                PrefixOf(i),
                Fixture.Attributes("192.0.2.11", "1", localPref: 100, med: (uint)i / 10),
                (uint)i + 16
            );
        }

        _rib.Drain(maxUpdates: 100);
        Assert.That(_rib.Held.Where(peer => peer.Key != "source").Select(peer => peer.Value.Count), Is.All.EqualTo(Routes));
        Assert.That(_rib.Held["r19"]["64512:1:" + PrefixOf(4321)], Does.Contain("/4337").And.Contain("med432"));

        for (var i = 0; i < Routes; i++)
        {
            _rib.Withdraw(source, "64512:1", PrefixOf(i));
        }

        _rib.Drain(maxUpdates: 100);
        Assert.That(_rib.Held.Values, Is.All.Empty);
        Assert.That(_rib.Core.Counters, Has.Property("VpnRoutes").Zero.And.Property("Paths").Zero.And.Property("AttributeSets").Zero);
    }

    [Test]
    public void A_change_that_comes_between_two_readings_is_told_once_with_what_it_is_then()
    {
        var source = _rib.Internal("source", client: true);
        _rib.Internal("receiver", client: true);
        var batch = new UpdateBatch();
        for (var i = 0; i < Routes; i++)
        {
            _rib.Vpn(source, "64512:1", PrefixOf(i), Fixture.Attributes("192.0.2.11", "1", localPref: 100));
        }

        Assert.That(_rib.Core.Read(batch, maxUpdates: 10), Is.EqualTo(10));
        var told = batch.Updates.ToArray().Select(update => update.Key.ToString()).ToHashSet();
        var next = Enumerable.Range(0, Routes).Select(i => "64512:1:" + PrefixOf(i)).First(key => !told.Contains(key));
        _rib.Vpn(source, "64512:1", next["64512:1:".Length..], Fixture.Attributes("192.0.2.11", "1", localPref: 100, med: 9));

        _rib.Messages.Clear();
        _rib.Drain(maxUpdates: 100);
        Assert.That(_rib.Messages.Count(message => message == "receiver: +" + next), Is.EqualTo(1));
        Assert.That(_rib.Held["receiver"][next], Does.Contain("med9"));
    }

    [TestCase(200)]
    [TestCase(400)]
    [TestCase(10_000)]
    public void A_set_of_many_communities_comes_out_as_it_went_in(int count)
    {
        var source = _rib.Internal("source", client: true);
        _rib.Internal("receiver", client: true);
        var attributes = Fixture.Attributes("192.0.2.11", "1", localPref: 100) with
        {
            Communities = [.. Enumerable.Range(0, count).Select(i => 64512u << 16 | (uint)i)],
        };
        for (var round = 0; round < 3; round++)
        {
            _rib.Vpn(source, "64512:1", "10.0.0.1/32", attributes with { MultiExitDisc = (uint)round });
        }

        var batch = new UpdateBatch();
        Assert.That(_rib.Core.Read(batch, maxUpdates: 1), Is.EqualTo(1));
        var sent = batch.AttributesOf(batch.PathsOf(batch.Updates[0])[0]);
        var expected = attributes with { MultiExitDisc = 2, OriginatorId = sent.OriginatorId, ClusterList = [7] };
        Assert.That(sent, Is.EqualTo(expected));
        Assert.That(_rib.Core.Counters.AttributeSets, Is.EqualTo(1));
    }

    private static string PrefixOf(int route) => $"10.{route >> 16}.{route >> 8 & 255}.{route & 255}/32";
}
