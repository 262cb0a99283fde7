using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>
/// Routes in MP_REACH_NLRI and MP_UNREACH_NLRI that cannot be told: the neighbour's routes of the family go, what it says later of it in this session
/// does not count, and all other families go on (RFC 7606 sections 2, 5.3 and 7.11, RFC 4760 section 7).
/// </summary>
public sealed class DisabledFamilyTests
{
    private const string Kept = "10.96.0.0/16";
    private const string KeptBytes = "100a60";
    private const string Later = "10.95.0.0/16";
    private const string LaterBytes = "100a5f";

    private static readonly (string Name, Func<InjectedFamily, string> Attributes)[] s_faults =
    [
        ("a next hop of two octets (7.11)", family => family.WithWrongNextHop),
        ("an NLRI that cannot be announced (5.3)", family => family.With(family.WrongNlri)),
        ("an NLRI that cannot be withdrawn (5.3)", family => family.Unreach(family.WrongNlri)),
    ];

    private readonly List<Injector> _injectors = [];

    private static IEnumerable<TestCaseData> Cases =>
        s_faults.SelectMany(
            (fault, number) =>
                InjectedFamily.All.Select(family => new TestCaseData(number, family).SetArgDisplayNames($"{family}", fault.Name))
        );

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        for (var number = 0; number < FaultExchange.Disabled; number++)
        {
            _injectors.Add(await FaultExchange.ConnectAsync(FaultExchange.DisabledName(number)));
        }
    }

    [OneTimeTearDown]
    public void Disconnect() => _injectors.ForEach(injector => injector.Dispose());

    [TestCaseSource(nameof(Cases))]
    public async Task The_family_ends_and_the_session_goes_on(int fault, object injected)
    {
        var (injector, family) = (_injectors[fault], (InjectedFamily)injected);
        await SayAsync(injector, Kept, KeptBytes);
        await injector.UpdateAsync(family.Attributes, "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: true);

        await injector.UpdateAsync(s_faults[fault].Attributes(family), "");
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: false);

        await injector.UpdateAsync(family.Attributes, "");
        await SayAsync(injector, Later, LaterBytes);
        await FaultExchange.HaveAsync(family.Family, family.Name, isThere: false);
        await FaultExchange.HaveAsync(Family.Ipv4, Kept, isThere: true);
        await FaultExchange.OthersStayAsync(family.Family);
        Assert.That(injector.Ended, Is.Empty);

        await injector.WithdrawAsync(KeptBytes + LaterBytes);
        await FaultExchange.HaveAsync(Family.Ipv4, Later, isThere: false);
    }

    /// <summary>RFC 7606 section 2: the routes of the family that is given up are ignored, and no others.</summary>
    [Test]
    public async Task What_the_same_message_withdraws_of_another_family_is_withdrawn()
    {
        var injector = _injectors[^1];
        await SayAsync(injector, Kept, KeptBytes);
        await SayAsync(injector, Later, LaterBytes);

        await injector.WithdrawAsync(KeptBytes, InjectedFamily.All[0].WithWrongNextHop);

        await FaultExchange.HaveAsync(Family.Ipv4, Kept, isThere: false);
        await FaultExchange.HaveAsync(Family.Ipv4, Later, isThere: true);
        Assert.That(injector.Ended, Is.Empty);

        await injector.WithdrawAsync(LaterBytes);
        await FaultExchange.HaveAsync(Family.Ipv4, Later, isThere: false);
    }

    private static async Task SayAsync(Injector injector, string prefix, string bytes)
    {
        await injector.UpdateAsync(Origin + AsPath + NextHop + LocalPref, bytes);
        await FaultExchange.HaveAsync(Family.Ipv4, prefix, isThere: true);
    }
}
