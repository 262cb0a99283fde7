namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>What the kernel's programs do while fabric-dp is away. Needs root.</summary>
[Category("Privileged")]
[NonParallelizable]
public sealed class TakeoverTests
{
    [Test]
    public void Established_flows_lose_nothing_when_the_program_is_killed_and_comes_back()
    {
        using var hosts = new TwoHosts(withCache: true);
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host2.Apply(TwoHosts.Tables2());
        hosts.Host1.WaitForPorts(3);
        hosts.Host2.WaitForPorts(2);
        hosts.AskForAddress("a");
        hosts.AskForAddress("b");
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);

        using var ping = Shell.Start($"ip netns exec {hosts.Netns("a")} ping -i 0.01 -c 1000 -W 2 10.1.0.5");
        hosts.Host1.Kill();
        hosts.Host1.Start();
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host1.WaitForPorts(6);
        ping.WaitForExit();

        Assert.That(ping.StandardOutput.ReadToEnd(), Does.Contain("1000 received"));
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);
    }

    [Test]
    public void Programs_do_not_forward_beside_the_pipeline_when_the_flow_cache_was_switched_off()
    {
        using var hosts = new TwoHosts(withCache: true);
        hosts.Host1.Apply(TwoHosts.Tables1());
        hosts.Host2.Apply(TwoHosts.Tables2());
        hosts.Host1.WaitForPorts(3);
        hosts.Host2.WaitForPorts(2);
        hosts.AskForAddress("a");
        hosts.AskForAddress("b");
        Assert.That(hosts.In("a", "ping -c 1 -W 2 10.1.0.5").ExitCode, Is.Zero);

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
}
