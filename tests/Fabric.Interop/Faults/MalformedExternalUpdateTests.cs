using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>The same of a neighbour in another AS: some attributes of it don't count, and its path begins with its AS.</summary>
public sealed class MalformedExternalUpdateTests
{
    private const string Path = ExternalFaults.Path;
    private const string PrefixBytes = "100a61";

    private static readonly Route s_route = new()
    {
        Family = Family.Ipv4,
        Prefix = "10.97.0.0/16",
        NextHop = "10.7.9.1",
        AsPath = $"{FaultExchange.ExternalAs}",
        // RFC 4271 section 5.1.5: that of the AS itself, which is the default.
        LocalPreference = 100,
    };

    private static readonly TestCaseData[] s_withdrawn =
    [
        .. ExternalFaults.Withdrawn.Select(fault => Case(fault.Attributes + NextHop, fault.Name)),
        Case(Origin + Path, "no NEXT_HOP (3 d)"),
        Case(Origin + Path + "400304e0000001", "a group's address as NEXT_HOP (RFC 4271 section 6.3)"),
        Case(Origin + Path + "4003040a070001", "the control node's own address as NEXT_HOP (RFC 4271 section 6.3 a)"),
    ];

    private static readonly TestCaseData[] s_discarded =
    [
        .. ExternalFaults.Discarded.Select(fault => Case(fault.Attribute, fault.Name)),
        Case("400503000190", "LOCAL_PREF, of three octets at that (7.5)"),
        Case("8009040a070909", "ORIGINATOR_ID (7.9)"),
        Case("8009030a0709", "ORIGINATOR_ID, of three octets at that (7.9)"),
        Case("800a040a070909", "CLUSTER_LIST (7.10)"),
        Case("800a030a0709", "CLUSTER_LIST, of three octets at that (7.10)"),
    ];

    private Injector _injector = null!;

    [OneTimeSetUp]
    public async Task ConnectAsync() => _injector = await FaultExchange.ConnectAsync(FaultExchange.External);

    [OneTimeTearDown]
    public void Disconnect() => _injector?.Dispose();

    [TestCaseSource(nameof(s_withdrawn))]
    public async Task Its_route_is_withdrawn_and_the_session_goes_on(string attributes)
    {
        await _injector.UpdateAsync(Origin + Path + NextHop, PrefixBytes);
        await FaultExchange.HaveAsync(s_route);

        await _injector.UpdateAsync(attributes, PrefixBytes);
        await FaultExchange.HaveAsync(Family.Ipv4, s_route.Prefix, isThere: false);

        await _injector.UpdateAsync(Origin + Path + NextHop, PrefixBytes);
        await FaultExchange.HaveAsync(s_route);
        Assert.That(_injector.Ended, Is.Empty);
    }

    [TestCaseSource(nameof(s_discarded))]
    public async Task The_attribute_does_not_count_and_the_route_stands(string attribute)
    {
        await _injector.WithdrawAsync(PrefixBytes);
        await FaultExchange.HaveAsync(Family.Ipv4, s_route.Prefix, isThere: false);

        await _injector.UpdateAsync(Origin + Path + NextHop + attribute, PrefixBytes);

        await FaultExchange.HaveAsync(s_route);
        Assert.That(_injector.Ended, Is.Empty);
    }

    private static TestCaseData Case(string attributes, string name) => new TestCaseData(attributes).SetArgDisplayNames(name);
}
