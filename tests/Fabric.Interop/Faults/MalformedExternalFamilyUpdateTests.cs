using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>The faults of a neighbour in another AS in UPDATEs with routes in MP_REACH_NLRI.</summary>
public sealed class MalformedExternalFamilyUpdateTests
{
    private const string Right = Origin + ExternalFaults.Path;

    private Injector _injector = null!;

    private static IEnumerable<TestCaseData> Withdrawn =>
        InjectedFamily.All.SelectMany(family =>
            ExternalFaults
                .Withdrawn.Select(fault => Case(family, family.Behind(fault.Attributes), fault.Name))
                .Append(Case(family, family.WithGroupBehind(Right), "the next hop of a group (RFC 4271 section 6.3, 7.3)"))
        );

    private static IEnumerable<TestCaseData> Discarded =>
        InjectedFamily.All.Select(family =>
            Case(
                family,
                family.Behind(Right + string.Concat(ExternalFaults.Discarded.Select(fault => fault.Attribute))),
                "all that does not count"
            )
        );

    [OneTimeSetUp]
    public async Task ConnectAsync() => _injector = await FaultExchange.ConnectAsync(FaultExchange.ExternalFamilies);

    [OneTimeTearDown]
    public void Disconnect() => _injector?.Dispose();

    [TestCaseSource(nameof(Withdrawn))]
    public async Task Its_route_is_withdrawn_and_its_family_goes_on(object injected, string attributes)
    {
        var family = (InjectedFamily)injected;
        await AnnounceAsync(family, family.Behind(Right));

        await _injector.UpdateAsync(attributes, "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: false);

        await AnnounceAsync(family, family.Behind(Right));
        Assert.That(_injector.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(Discarded))]
    public async Task The_attributes_do_not_count_and_the_route_stands(object injected, string attributes)
    {
        var family = (InjectedFamily)injected;
        await _injector.UpdateAsync(family.Unreach(family.Nlri), "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: false);

        await AnnounceAsync(family, attributes);
        Assert.That(_injector.Ended, Is.Empty);
    }

    private async Task AnnounceAsync(InjectedFamily family, string attributes)
    {
        await _injector.UpdateAsync(attributes, "");
        if (family.Family == Family.Evpn)
        {
            await FaultExchange.HaveAsync(family.Family, family.Name, isThere: true);
        }
        else
        {
            await FaultExchange.HaveAsync(family.FromOutside(FaultExchange.ExternalAs));
        }
    }

    private static TestCaseData Case(InjectedFamily family, string attributes, string name) =>
        new TestCaseData(family, attributes).SetArgDisplayNames($"{family}", name);
}
