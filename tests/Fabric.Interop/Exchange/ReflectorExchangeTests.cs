using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Exchange;

/// <summary>Every maker's daemon hears of every other one's routes through the control node, each attribute as the RFCs want it.</summary>
public sealed class ReflectorExchangeTests
{
    private ReflectorExchange _exchange = null!;

    private static IEnumerable<TestCaseData> Tables =>
        ReflectorExchange.Cast.SelectMany(
            (member, index) =>
                member.Software.Families.Select(f =>
                    new TestCaseData(index, f).SetArgDisplayNames($"{member.Software}, {member.Role}, {f}")
                )
        );

    [OneTimeSetUp]
    public async Task StartAsync() => _exchange = await ReflectorExchange.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(Tables))]
    public async Task A_speaker_holds_what_the_others_originate(int receiver, int family)
    {
        var member = _exchange.Members[receiver];

        await Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(member, (Family)family),
            Is.EquivalentTo(_exchange.Expected(member, (Family)family)),
            () => $"{member.Speaker.Log}\n{_exchange.Reflector.Log}",
            _exchange.Settled
        );
    }
}
