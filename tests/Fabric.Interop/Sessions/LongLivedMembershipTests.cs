using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>
/// RFC 9494 with memberships (RFC 4684): what was asked for stands, with the mark, while the speaker that asked, or the control node, is away for longer
/// than its restart time. GoBGP alone knows both RFCs; ExaBGP 4.2 does not know of long-lived stale routes, and the others not of memberships.
/// </summary>
public sealed class LongLivedMembershipTests
{
    private const string Mark = "65535:6";

    private ReflectorExchange _exchange = null!;

    private GoBgpSpeaker First => (GoBgpSpeaker)_exchange.Members[0].Speaker;

    private GoBgpSpeaker Second => (GoBgpSpeaker)_exchange.Members[1].Speaker;

    private Member Source => _exchange.Members[2];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var asking = LongLived.Knowing(Software.GoBgp with { Families = [Family.Vpnv4, Family.RouteTargets], Originates = [] });
        _exchange = await ReflectorExchange.StartAsync(
            [(asking, Role.Client), (asking, Role.External), (Software.Bird.Speaking(Family.Vpnv4), Role.Client)],
            shape: neighbor =>
                neighbor with
                {
                    RestartTime = LongLived.RestartTime,
                    LongLivedTime = LongLived.Time,
                    FurtherKeys = [.. neighbor.FurtherKeys, "membership-wait: { limit: 3600 }"],
                }
        );
        await AskAsync(First);
        await AskAsync(Second);
    }

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [SetUp]
    public async Task BothHearOfEachOtherAsync()
    {
        await HearsAsync(First, of: Second, Is.Empty);
        await HearsAsync(Second, of: First, Is.Empty);
        foreach (var asking in _exchange.Members.Take(2))
        {
            await HoldsAsync(asking);
        }
    }

    [Test]
    public async Task What_a_speaker_has_asked_for_is_told_with_the_mark_until_it_is_back()
    {
        await First.KillAsync();
        await HearsAsync(Second, of: First, Is.EqualTo(Mark));

        await First.StartAsync();
        await AskAsync(First);
        await HearsAsync(Second, of: First, Is.Empty);
    }

    [Test]
    public async Task What_the_control_node_has_told_stands_with_the_mark_until_it_is_back()
    {
        await _exchange.Reflector.KillAsync();
        await HearsAsync(First, of: Second, Is.EqualTo(Mark));
        await HearsAsync(Second, of: First, Is.EqualTo(Mark));

        await _exchange.Reflector.StartAsync();
        await HearsAsync(First, of: Second, Is.Empty);
        await HearsAsync(Second, of: First, Is.Empty);
    }

    /// <summary>For the source's routes, by a VRF that imports them.</summary>
    private Task AskAsync(GoBgpSpeaker speaker) => speaker.ShowAsync("vrf", "add", "asking", "rd", "64512:900", "rt", "both", Target);

    private string Target => Source.Route(Family.Vpnv4).RouteTargets.Split(' ')[0];

    /// <summary>The communities of the membership of one that the other hears of.</summary>
    private Task HearsAsync(GoBgpSpeaker speaker, GoBgpSpeaker of, IResolveConstraint communities) =>
        Eventually.HoldsAsync(
            async () =>
                (await speaker.ReceivedAsync(Family.RouteTargets))
                    .Where(membership => membership.Prefix == $"{of.As}:{Target}")
                    .Select(membership => membership.Communities)
                    .ToList(),
            Has.Exactly(1).Items.And.All.Matches(communities.Resolve()),
            () => _exchange.Logs(_exchange.Members)
        );

    private Task HoldsAsync(Member asking) =>
        Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(asking, Family.Vpnv4),
            Is.EquivalentTo(_exchange.Expected(asking, Family.Vpnv4)),
            () => _exchange.Logs(_exchange.Members)
        );
}
