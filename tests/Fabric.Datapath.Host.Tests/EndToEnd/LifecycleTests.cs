namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>What happens to packets when fabric-dp or a device goes and comes. Needs root.</summary>
[Category("Privileged")]
[NonParallelizable]
[TestFixture(true)]
[TestFixture(false)]
public sealed class LifecycleTests(bool withCache)
{
    private TwoHosts _hosts = null!;

    [SetUp]
    public void Plug()
    {
        _hosts = new TwoHosts(withCache);
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host2.Apply(TwoHosts.Tables2());
        _hosts.Host1.WaitForPorts(3);
        _hosts.Host2.WaitForPorts(2);
        _hosts.AskForAddress("a");
        _hosts.AskForAddress("b");
    }

    [TearDown]
    public void Remove() => _hosts.Dispose();

    [Test]
    public void No_vm_reaches_its_host_while_the_program_runs_nor_when_it_was_killed_nor_before_its_agent_is_back()
    {
        var running = _hosts.PingHostFromC(3);
        _hosts.Host1.Kill();
        var killed = _hosts.PingHostFromC(3);
        _hosts.Host1.Start();
        var withoutAgent = _hosts.PingHostFromC(3);

        Assert.That((running, killed, withoutAgent), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void Detaching_removes_the_guard_the_programs_and_what_they_pinned()
    {
        var pins = Path.Combine(_hosts.Folder, "bpf", "host1");
        Assert.That(Directory.Exists(pins), Is.EqualTo(withCache));
        var exitCode = _hosts.Host1.Terminate();
        var guarded = _hosts.In("host1", "nft list tables").Text;

        _hosts.Host1.Detach();

        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero);
            Assert.That(guarded, Does.Contain("table netdev fabric_host1"));
            Assert.That(_hosts.In("host1", "nft list tables").Text, Is.Empty);
            Assert.That(Directory.Exists(pins), Is.False);
            Assert.That(_hosts.PingHostFromC(3), Is.EqualTo(3), "the host is reached when nothing guards it");
        });
    }

    // Machines are cut off as long as the guard stays: nothing of it needs what the programs need.
    [Test]
    public void Detaching_removes_the_guard_where_the_library_of_the_programs_is_missing()
    {
        _hosts.Host1.Terminate();

        var outcome = _hosts.Host1.DetachWithoutLibrary();

        Assert.That(_hosts.In("host1", "nft list tables").Text, Is.Empty, outcome.Text);
        Assert.That(outcome.ExitCode, Is.EqualTo(withCache ? 1 : 0), "programs that are left are a failure, and only they are");
        Assert.That(outcome.Text.Contains("libbpf.so.1 is not installed", StringComparison.Ordinal), Is.EqualTo(withCache));
    }

    [Test]
    public void A_killed_program_forwards_again_when_its_agent_gives_it_the_tables()
    {
        ExpectPing();
        _hosts.Host1.Kill();

        _hosts.Host1.Start();
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host1.WaitForPorts(6);

        ExpectPing();
    }

    [Test]
    public void A_device_that_was_removed_and_made_anew_is_taken_up_again()
    {
        _hosts.In("host1", "ip link del tap1");
        Shell.WaitUntil(
            () => _hosts.Host1.Inspect("/inspect/status").Contains("there is no network device tap1", StringComparison.Ordinal),
            "tap1 gone"
        );

        _hosts.Plug("a", "host1", "tap1", "02:00:00:00:00:0a");
        _hosts.Host1.WaitForPorts(4);
        var answer = _hosts.AskForAddress("a");

        Assert.That(answer.ExitCode, Is.Zero, answer.Text);
        ExpectPing();
        Assert.That(_hosts.In("host1", "nft list ruleset").Text, Does.Contain("device \"tap1\""));
    }

    [Test]
    public void A_device_that_was_renamed_stays_guarded_and_is_taken_up_again_under_its_own_name()
    {
        Rename("tap2", "other2");
        Shell.WaitUntil(
            () => _hosts.Host1.Inspect("/inspect/status").Contains("there is no network device tap2", StringComparison.Ordinal),
            "tap2 gone"
        );
        Shell.WaitUntil(
            () => _hosts.In("host1", "nft list ruleset").Text.Contains("device \"other2\"", StringComparison.Ordinal),
            "the guard of other2"
        );
        Assert.That(_hosts.PingHostFromC(3, "other2"), Is.Zero);

        Rename("other2", "tap2");
        _hosts.Host1.WaitForPorts(4);
        Assert.That(_hosts.PingHostFromC(3), Is.Zero);
        Assert.That(_hosts.In("c", "ping -c 3 -i 0.2 -W 2 10.1.0.5").Text, Does.Contain(" 0% packet loss"));
    }

    [Test]
    public void A_device_that_moved_to_another_namespace_takes_no_program_with_it_and_is_taken_up_again_when_it_is_back()
    {
        _hosts.In("host1", $"ip link set tap2 netns {_hosts.Netns("host2")} name moved2");
        Shell.WaitUntil(
            () => _hosts.Host1.Inspect("/inspect/status").Contains("there is no network device tap2", StringComparison.Ordinal),
            "tap2 gone"
        );
        Assert.Multiple(() =>
        {
            Assert.That(_hosts.In("host2", "tc filter show dev moved2 ingress").Text, Is.Empty);
            Assert.That(_hosts.In("host2", "tc qdisc show dev moved2").Text, Does.Not.Contain("clsact"));
            Assert.That(PinsOfVifs(), Has.Length.EqualTo(withCache ? 1 : 0), "one port is left");
        });

        _hosts.In("host2", $"ip link set moved2 netns {_hosts.Netns("host1")} name tap2");
        _hosts.Host1.WaitForPorts(4);
        _hosts.AskForAddress("c");
        Assert.That(_hosts.In("c", "ping -c 3 -i 0.2 -W 2 10.1.0.5").Text, Does.Contain(" 0% packet loss"));
    }

    [Test]
    public void A_machine_without_tun_forwards_by_the_pipeline_alone_and_says_so()
    {
        _hosts.Host1.Terminate();

        _hosts.Host1.StartWithoutTun();
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host1.WaitForPorts(6);

        ExpectPing();
        Assert.That(_hosts.Host1.Inspect("/inspect/status"), Does.Contain(withCache ? "/dev/net/tun" : "switched off"));
    }

    // What the process before it attached must not forward beside it.
    [Test]
    public void A_process_without_the_rights_forwards_by_the_pipeline_alone_and_says_which()
    {
        _hosts.Host1.Terminate();

        _hosts.Host1.StartWithoutRights();
        _hosts.Host1.Apply(TwoHosts.Tables1());
        _hosts.Host1.WaitForPorts(6);

        ExpectPing();
        Assert.That(_hosts.Host1.Inspect("/inspect/status"), Does.Contain(withCache ? "lacks CAP_PERFMON and CAP_BPF" : "switched off"));
    }

    [Test]
    public void A_second_program_of_the_same_node_does_not_start()
    {
        var second = _hosts.In("host1", $"dotnet {DatapathProcess.Program} --config {_hosts.Folder}/host1.yaml");

        Assert.Multiple(() =>
        {
            Assert.That(second.ExitCode, Is.EqualTo(1));
            Assert.That(second.Text, Does.Contain("another process answers there"));
        });
        ExpectPing();
    }

    [Test]
    public void A_guard_that_a_firewall_reload_flushed_is_put_back()
    {
        _hosts.In("host1", "nft flush ruleset");

        Shell.WaitUntil(() => _hosts.In("host1", "nft list tables").Text.Contains("fabric_host1", StringComparison.Ordinal), "the guard");

        Assert.That(_hosts.PingHostFromC(3), Is.Zero);
        ExpectPing();
    }

    private void Rename(string from, string to)
    {
        foreach (var change in (string[])["down", $"name {to}"])
        {
            Assert.That(_hosts.In("host1", $"ip link set {from} {change}").ExitCode, Is.Zero);
        }

        Assert.That(_hosts.In("host1", $"ip link set {to} up").ExitCode, Is.Zero);
    }

    private string[] PinsOfVifs()
    {
        var pins = Path.Combine(_hosts.Folder, "bpf", "host1");
        return Directory.Exists(pins) ? Directory.GetFiles(pins, "vif-*", SearchOption.AllDirectories) : [];
    }

    private void ExpectPing() => Assert.That(_hosts.In("a", "ping -c 3 -i 0.2 -W 2 10.1.0.5").Text, Does.Contain(" 0% packet loss"));
}
