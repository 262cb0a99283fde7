using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

public sealed class CompletionTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public async Task Start()
    {
        _fabric = new FakeFabric();
        await _fabric.StartAsync("control1", NodeRole.Control);
        await _fabric.StartAsync("host1", NodeRole.Datapath);
    }

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [Test]
    public async Task Nodes_are_offered_after_their_option() =>
        Assert.That(await _fabric.SuggestAsync("fabric flows --node "), Is.EqualTo(["control1", "host1"]));

    [Test]
    public async Task Kinds_are_offered_in_the_singular() =>
        Assert.That(
            (await _fabric.SuggestAsync("fabric get s")).Where(word => word.StartsWith('s')),
            Is.EqualTo(["security-group", "subnet"])
        );

    [Test]
    public async Task Commands_are_offered() =>
        Assert.That(
            await _fabric.SuggestAsync("fabric bgp "),
            Is.SupersetOf((string[])["summary", "neighbor", "clear", "vpnv4", "evpn", "memberships", "vrfs"])
        );

    [Test]
    public async Task The_words_of_a_soft_clear_are_offered()
    {
        Assert.That(await _fabric.SuggestAsync("fabric bgp clear gw1 "), Has.Member("soft"));
        Assert.That(await _fabric.SuggestAsync("fabric bgp clear gw1 soft "), Is.SupersetOf((string[])["in", "out", "--family"]));
        Assert.That(await _fabric.SuggestAsync("fabric bgp clear gw1 soft in --family "), Is.SupersetOf((string[])["vpnv4", "rtc"]));
    }

    [TestCase("bash", "complete -F _fabric fabric")]
    [TestCase("zsh", "compdef _fabric fabric")]
    public async Task A_shell_gets_its_script(string shell, string expected) =>
        Assert.That((await _fabric.RunAsync($"completion {shell}")).Output, Does.Contain(expected));
}
