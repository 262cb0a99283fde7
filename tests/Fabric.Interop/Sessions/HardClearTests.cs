using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Sessions;

/// <summary>The control node's operator has a session begin anew, <c>fabric bgp clear NAME</c>; the neighbours say why it ended.</summary>
public sealed class HardClearTests
{
    private const string Words = "new card";

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(5);

    /// <summary>Each one's own for Cease/Administrative Reset (RFC 4486), and the operator's where it shows them.</summary>
    private static readonly TestCaseData[] s_reasons =
    [
        Case(Software.Frr, Does.Contain("Administrative Reset").And.Contain(Words)),
        Case(Software.Bird, Does.Contain("Administrative reset").And.Contain(Words)),
        Case(Software.OpenBgpd, Does.Contain("administrative reset").And.Contain(Words)),
        Case(Software.GoBgp, Does.Contain("subcode 4(administrative reset)")),
        Case(Software.ExaBgp, Does.Contain("\"code\":6,\"subcode\":4")),
    ];

    private ReflectorExchange _exchange = null!;

    [OneTimeSetUp]
    public async Task StartAsync() =>
        _exchange = await ReflectorExchange.StartAsync(
            [.. Software.All.Select(software => (software, Role.Client))],
            shape: neighbor => neighbor with { Families = [Family.Vpnv4] }
        );

    [OneTimeTearDown]
    public async Task EndAsync() => await _exchange.DisposeAsync();

    [TestCaseSource(nameof(s_reasons))]
    public async Task A_neighbour_hears_administrative_reset_and_its_session_comes_up_again(string name, IResolveConstraint reason)
    {
        var member = _exchange.Members.Single(member => member.Software.Name == name);
        await HoldsAllAsync(member);

        await Eventually.HoldsAsync(() => ClearAsync(member, reason), reason, () => _exchange.Logs(member));
        await HoldsAllAsync(member);
    }

    /// <summary>What the member says of it. A busy one may take the new connection before it has read why the old one ended, and then never knows.</summary>
    private async Task<string> ClearAsync(Member member, IResolveConstraint reason)
    {
        string[] words = member.Software.ReadsShutdownCommunication ? ["--message", Words] : [];
        await _exchange.Reflector.ShowAsync(["bgp", "clear", member.Name, .. words]);
        var (end, expected, said) = (new Deadline(s_answer), reason.Resolve(), "");
        do
        {
            said = await member.Speaker.LastResetAsync();
        } while (!expected.ApplyTo(said).IsSuccess && !end.IsOver);

        return said;
    }

    private static TestCaseData Case(Software software, IResolveConstraint reason) =>
        new TestCaseData(software.Name, reason).SetArgDisplayNames(software.Name);

    private Task HoldsAllAsync(Member member) =>
        Eventually.HoldsAsync(
            () => ReflectorExchange.ReceivedAsync(member, Family.Vpnv4),
            Is.EquivalentTo(_exchange.Expected(member, Family.Vpnv4)),
            () => _exchange.Logs(member)
        );
}
