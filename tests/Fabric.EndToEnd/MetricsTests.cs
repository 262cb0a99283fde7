using System.Text.RegularExpressions;

namespace Fabric.EndToEnd;

/// <summary>What operators watch, through the eyes of a real Prometheus.</summary>
public sealed partial class MetricsTests
{
    private readonly MonitoredHost _host = new();

    private static IEnumerable<string> Jobs => MonitoredHost.Pages.Keys;

    [OneTimeSetUp]
    public Task StartAsync() => _host.StartAsync();

    [OneTimeTearDown]
    public void End() => _host.Dispose();

    [TestCaseSource(nameof(Jobs))]
    public async Task Each_page_is_accepted_by_promtool(string job)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, await _host.PageAsync(job));
        using var check = ProgramRun.Of("sh", "-c", $"promtool check metrics < {file}; code=$?; rm {file}; exit $code");
        Assert.That(await check.ExitCodeAsync(), Is.Zero, check.Output);
    }

    [Test]
    public async Task A_session_that_does_not_come_up_fires_its_alert_and_a_good_host_fires_no_other()
    {
        await _host.AnswersAsync("ALERTS{alertname=\"FabricBgpDown\",alertstate=\"firing\"}", "neighbor=\"gw1\"");
        Assert.That(await _host.QueryAsync("ALERTS{alertname!=\"FabricBgpDown\"}"), Does.Not.Contain("firing"));
    }

    [TestCase("fabric.rules.yaml")]
    [TestCase("fabric.dashboard.json")]
    public async Task Rules_and_dashboard_ask_for_families_that_the_programs_have(string file)
    {
        var families = await FamiliesAsync();
        var asked = Asked()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Programs.Monitoring, file)))
            .Select(static match => match.Value.EndsWith("_bucket", StringComparison.Ordinal) ? match.Value[..^7] : match.Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.That(asked, Has.Count.GreaterThan(10));
        Assert.That(asked.Except(families), Is.Empty);
    }

    [Test]
    public async Task Each_family_is_documented()
    {
        var documented = Asked().Matches(await File.ReadAllTextAsync(Programs.MetricsPage)).Select(static match => match.Value);
        Assert.That((await FamiliesAsync()).Except(documented, StringComparer.Ordinal), Is.Empty);
    }

    [Test]
    public async Task The_rules_keep_their_own_tests()
    {
        using var check = ProgramRun.Of("promtool", "test", "rules", $"{Programs.Monitoring}/fabric.rules.test.yaml");
        Assert.That(await check.ExitCodeAsync(), Is.Zero, check.Output);
    }

    private async Task<HashSet<string>> FamiliesAsync()
    {
        var pages = string.Concat(await Task.WhenAll(Jobs.Select(_host.PageAsync)));
        return Family().Matches(pages).Select(static match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z0-9_]+) ", RegexOptions.Multiline)]
    private static partial Regex Family();

    // "fabric_" at the start of a word, with what follows it: no file name, no job.
    [GeneratedRegex(@"\b(?:fabric|process)_[a-z0-9_]+")]
    private static partial Regex Asked();
}
