using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>Every maker's daemon hears of every other one's routes through the control node, each attribute as the RFCs want it.</summary>
public sealed class ReflectorExchangeTests
{
    private static readonly IReadOnlyList<(Software Software, Role Role)> s_cast =
    [
        .. Software.All.SelectMany(software => Enum.GetValues<Role>().Select(role => (software, role))),
    ];

    private ReflectorExchange _exchange = null!;

    private static IEnumerable<TestCaseData> Tables =>
        s_cast.SelectMany(
            (member, index) =>
                member.Software.Families.Select(f =>
                    new TestCaseData(index, f).SetArgDisplayNames($"{member.Software}, {member.Role}, {f}")
                )
        );

    [OneTimeSetUp]
    public async Task StartAsync() => _exchange = await ReflectorExchange.StartAsync(s_cast);

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Tables))]
    public async Task A_speaker_holds_what_the_others_originate(int receiver, int family)
    {
        await _exchange.HoldsAllAsync(_exchange.Members[receiver], (Family)family);
    }
}
