using System.Diagnostics;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>What the kernel's programs do while fabric-dp is away. Needs root.</summary>
[Category("Privileged")]
[NonParallelizable]
public sealed class TakeoverTests
{
    // A quiet machine takes less than a second; the suite's may be busy.
    private static readonly TimeSpan _boundUnderLoad = TimeSpan.FromSeconds(10);

    // More than wait for the pipeline at any time: what was not answered before so many others is lost.
    private const int AnswersAfterwards = 50;

    [TestCase(2, 2)]
    [TestCase(3, 1)]
    [TestCase(1, 3)]
    public void Established_flows_lose_nothing_when_the_program_is_killed_and_comes_back(int workersBefore, int workersAfter)
    {
        using var hosts = Running(workersBefore);

        using var ping = new EndlessPing(hosts.Netns("a"), "10.1.0.5");
        hosts.Host1.Kill();
        hosts.Host1.Configure(withCache: true, workers: workersAfter);
        hosts.Host1.Start();
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host1.WaitForPorts(6);
        ping.WaitForMore(2 * AnswersAfterwards);

        // A request that waits for the pipeline to look at its flow again is overtaken by those that come once it did: none is lost, none comes twice.
        var answered = ping.Answered;
        Assert.That(Enumerable.Range(1, answered.Count - AnswersAfterwards).Except(answered), Is.Empty, "not answered");
        Assert.That(answered, Is.Unique);
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);
        Assert.That(hosts.Host1.Inspect("/inspect/status"), Does.Contain("\"took-over\":true").And.Contain($"\"workers\":{workersAfter},"));
    }

    [Test]
    public void New_flows_are_set_up_again_soon_after_a_kill()
    {
        using var hosts = Running();

        var killed = Stopwatch.StartNew();
        hosts.Host1.Kill();
        hosts.Host1.Start();
        hosts.Host1.Apply(TwoHosts.Tables1());
        // The first echo of each try is a flow of its own.
        Shell.WaitUntil(() => hosts.In("a", "ping -c 1 -W 0.2 10.1.0.5").ExitCode == 0, "a new flow");

        TestContext.Out.WriteLine($"a new flow passed {killed.ElapsedMilliseconds} ms after the kill");
        Assert.That(killed.Elapsed, Is.LessThan(_boundUnderLoad));
    }

    [TestCase("another size", TestName = "A_build_with_a_memory_of_another_size_sets_flows_up_anew")]
    [TestCase("another layout", TestName = "A_build_with_another_layout_of_the_memory_sets_flows_up_anew")]
    public void Upgrade(string memory)
    {
        using var hosts = Running();
        var pins = Path.Combine(hosts.Folder, "bpf", "host1");
        var layout = Path.GetFileName(Directory.GetDirectories(pins).Single());
        using var ping = new EndlessPing(hosts.Netns("a"), "10.1.0.5");

        hosts.Host1.Terminate();
        if (memory == "another size")
        {
            hosts.Host1.Configure(withCache: true, flows: 1024);
        }
        else
        {
            Directory.Move(Path.Combine(pins, layout), Path.Combine(pins, "v0"));
        }

        hosts.Host1.Start();
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host1.WaitForPorts(6);
        ping.WaitForMore(100);

        TestContext.Out.WriteLine($"{ping.Answered.Count} of {ping.Answered[^1]} requests answered");
        Assert.That(hosts.In("a", "ping -c 3 -i 0.2 -W 2 10.1.0.5").Text, Does.Contain(" 0% packet loss"));
        Assert.That(hosts.Host1.Inspect("/inspect/status"), Does.Contain("\"took-over\":false").And.Contain("\"hook\":"));
        Assert.That(Directory.GetDirectories(pins).Select(Path.GetFileName), Is.EqualTo((string[])[layout]));
    }

    [Test]
    public void Programs_do_not_forward_beside_the_pipeline_when_the_flow_cache_was_switched_off()
    {
        using var hosts = Running();

        hosts.Host1.Terminate();
        hosts.Host1.Configure(withCache: false);
        hosts.Host1.Start();
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host1.WaitForPorts(6);

        Assert.That(
            hosts.In("a", "ping -c 5 -i 0.2 -W 2 10.1.0.5").Text,
            Does.Contain("5 received, 0% packet loss").And.Not.Contain("DUP")
        );
    }

    private static TwoHosts Running(int workers = 2)
    {
        var hosts = new TwoHosts(withCache: true, workers: workers);
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host2.Apply(TwoHosts.Tables2());
        hosts.Host1.WaitForPorts(3);
        hosts.Host2.WaitForPorts(2);
        hosts.AskForAddress("a");
        hosts.AskForAddress("b");
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);
        return hosts;
    }
}
