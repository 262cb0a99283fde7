using Fabric.Config.Stores;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Tests;

[TestFixture]
public sealed class ConfigServiceTests
{
    private static readonly VirtualNetwork Red = new("red");
    private static readonly Subnet RedSubnet = new("red-v4", "red", IpPrefix.Parse("10.1.0.0/24"));
    private const uint FirstGroup = 8_000_000;

    private static readonly Port Vm1 = new("vm1", "red", Host: "host1");

    private MemoryConfigStore _store = null!;
    private ConfigService _service = null!;
    private byte _identifiers;

    [SetUp]
    public void StartEmpty()
    {
        _store = new MemoryConfigStore();
        _identifiers = 0;
        _service = new ConfigService(_store, NextIdentifier);
    }

    [Test]
    public void What_a_request_leaves_open_is_allocated_and_stored()
    {
        Apply(Vm1, RedSubnet, Red);

        Assert.That(Find(Red), Is.EqualTo(Red with { Id = 1, RouteTarget = RouteTarget.Parse("target:64512:8000001") }));
        Assert.That(Find(RedSubnet).Gateway, Is.EqualTo(IpAddress.Parse("10.1.0.1")));
        Assert.That(Find(Vm1).Addresses, Is.EqualTo(new[] { IpAddress.Parse("10.1.0.2") }));
        Assert.That(Find(Vm1).MacAddress, Is.EqualTo(MacAddress.Parse("02:00:00:00:00:01")));
        Assert.That(Find(Vm1).Id, Is.Not.Null);
    }

    /// <summary>Networks that share a target are one to all others: their tenants would reach each other.</summary>
    [TestCase("target:64512:8000002", "")]
    [TestCase("", "target:64512:8000002")]
    public void An_allocated_target_is_nobody_elses(string own, string imported)
    {
        Apply(
            new VirtualNetwork(
                "red",
                RouteTarget: own.Length > 0 ? RouteTarget.Parse(own) : null,
                ImportRouteTargets: imported.Length > 0 ? [RouteTarget.Parse(imported)] : []
            )
        );
        Apply(new VirtualNetwork("blue"), new VirtualNetwork("green"));

        Assert.That(Find(new VirtualNetwork("blue")).RouteTarget, Is.EqualTo(RouteTarget.Parse("target:64512:8000003")));
        Assert.That(Find(new VirtualNetwork("green")).RouteTarget, Is.EqualTo(RouteTarget.Parse("target:64512:8000004")));
    }

    /// <summary>Such an AS number leaves 16 bits for the number (RFC 5668 section 2): 65537 and 1 are the same in them.</summary>
    [Test]
    public void A_four_octet_AS_number_gives_each_network_a_target_of_its_own()
    {
        Apply(new GlobalConfig(As: 4_200_000_000), new VirtualNetwork("red", Id: 1));
        Apply(new VirtualNetwork("blue", Id: 65_537));

        Assert.That(Find(new VirtualNetwork("red")).RouteTarget, Is.EqualTo(RouteTarget.Parse("target:4200000000:1")));
        Assert.That(Find(new VirtualNetwork("blue")).RouteTarget, Is.EqualTo(RouteTarget.Parse("target:4200000000:2")));
    }

    [Test]
    public void A_password_stays_until_another_one_or_an_empty_one_is_given()
    {
        var router = new BgpRouter("gw1", IpAddress.Parse("192.0.2.9"));
        Apply(router with { Password = new Secret("open sesame") });
        Apply(router with { HoldTime = 30 });
        Assert.That((Find(router).Password?.Value, Find(router).HoldTime), Is.EqualTo(("open sesame", (ushort)30)));

        Apply(router with { Password = new Secret("") });
        Assert.That(Find(router).Password, Is.Null);
    }

    [Test]
    public void Allocated_values_stay_over_an_update_and_a_restart()
    {
        Apply(Red, RedSubnet, Vm1);
        var before = Find(Vm1);

        _service = new ConfigService(_store, NextIdentifier);
        Apply(Vm1 with { Host = "host2" });

        Assert.That(Find(Vm1), Is.EqualTo(before with { Host = "host2" }));
        Assert.That(_service.Revision, Is.EqualTo(2));
    }

    /// <summary>A file of objects is applied again with another one in it, whose name comes first.</summary>
    [Test]
    public void A_new_object_is_given_nothing_that_another_of_the_request_has()
    {
        var group = new SecurityGroup("web");
        Apply(Red with { Id = 5 }, RedSubnet, group with { Id = FirstGroup }, Vm1);

        var result = Apply([
            .. Enumerable.Range(1, 5).Select(number => new VirtualNetwork($"blue{number}")),
            Red,
            RedSubnet,
            new SecurityGroup("api"),
            group,
            new Port("vm0", "red"),
            Vm1,
        ]);

        Assert.That(result.Diff.Select(diff => diff.Before), Is.All.Null);
        Assert.That(Find(new VirtualNetwork("blue5")).Id, Is.EqualTo(6));
        Assert.That(Find(new SecurityGroup("api")).Id, Is.EqualTo(FirstGroup + 1));
        Assert.That(Find(new Port("vm0", "red")).Addresses, Is.EqualTo(new[] { IpAddress.Parse("10.1.0.3") }));
    }

    [Test]
    public void A_port_keeps_its_address_whichever_way_its_network_is_named()
    {
        Apply(Red, RedSubnet, new Port("vm0", "red"), Vm1);
        _service.Apply([ConfigEdit.Delete(new Port("vm0", "red").Key)]);
        Apply(Vm1 with { Network = "default-project/red" });

        Assert.That(Find(Vm1).Addresses, Is.EqualTo(new[] { IpAddress.Parse("10.1.0.3") }));
    }

    /// <summary>The loop serves nobody else meanwhile, and is taken for stuck after five seconds.</summary>
    [Test]
    [MaxTime(60_000)]
    public void What_a_request_costs_does_not_grow_with_the_square_of_its_objects()
    {
        const int Ports = 10_000;
        var service = new ConfigService(_store, Guid.NewGuid);
        var result = service.Apply([
            ConfigEdit.Put(Red),
            ConfigEdit.Put(RedSubnet with { Prefix = IpPrefix.Parse("10.0.0.0/8") }),
            .. Enumerable.Range(0, Ports).Select(number => ConfigEdit.Put(new Port($"vm{number}", "red"))),
            .. Enumerable.Range(0, Ports).Select(number => ConfigEdit.Put(new VirtualNetwork($"net{number}"))),
        ]);

        Assert.That(result.Errors, Is.Empty);
        Assert.That(
            service.All.Select(item => item.Value).OfType<Port>().SelectMany(port => port.Addresses).Distinct().Count(),
            Is.EqualTo(Ports)
        );
    }

    [Test]
    [MaxTime(60_000)]
    public void Of_a_request_that_is_wrong_throughout_the_first_errors_are_told()
    {
        var wrong = _service.Apply([.. Enumerable.Range(0, 20_000).Select(number => ConfigEdit.Put(new VirtualNetwork($"!{number}")))]);
        var twice = _service.Apply([.. Enumerable.Range(0, 20_000).Select(_ => ConfigEdit.Put(Red))]);

        Assert.That(wrong.Errors, Has.Count.EqualTo(ConfigError.MaxTold));
        Assert.That(twice.Errors, Has.Count.EqualTo(ConfigError.MaxTold));
    }

    [Test]
    public void A_number_is_not_given_again_when_its_object_is_gone()
    {
        Apply(Red);
        _service.Apply([ConfigEdit.Delete(Red.Key)]);
        Apply(new VirtualNetwork("blue"));

        Assert.That(Find(new VirtualNetwork("blue")).Id, Is.EqualTo(2));
    }

    [Test]
    public void A_deleted_port_gives_its_address_back()
    {
        Apply(Red, RedSubnet, Vm1);
        _service.Apply([ConfigEdit.Delete(Vm1.Key)]);
        Apply(new Port("vm2", "red"));

        Assert.That(Find(new Port("vm2", "red")).Addresses, Is.EqualTo(new[] { IpAddress.Parse("10.1.0.2") }));
    }

    [Test]
    public void A_request_that_changes_nothing_takes_no_revision()
    {
        Apply(Red, RedSubnet, Vm1);
        var result = Apply(Red, RedSubnet, Vm1);

        Assert.That(result.Diff, Is.Empty);
        Assert.That(_service.Revision, Is.EqualTo(1));
    }

    [Test]
    public void A_dry_run_tells_what_would_change_and_changes_nothing()
    {
        var result = _service.Apply([ConfigEdit.Put(Red)], dryRun: true);

        Assert.That(result.Outcome, Is.EqualTo(ApplyOutcome.Applied));
        Assert.That(result.Diff.Single().After, Is.EqualTo(Red with { Id = 1, RouteTarget = RouteTarget.Parse("target:64512:8000001") }));
        Assert.That(_service.Revision, Is.Zero);
        Assert.That(_service.All, Is.Empty);
    }

    [Test]
    public void A_delete_that_would_leave_references_is_refused_and_names_them()
    {
        Apply(Red, RedSubnet, Vm1);

        var result = _service.Apply([ConfigEdit.Delete(Red.Key, "$[0]")]);

        Assert.That(result.Outcome, Is.EqualTo(ApplyOutcome.Invalid));
        Assert.That(
            result.Errors.Select(error => (error.Path, error.Message)),
            Is.EquivalentTo(
                new[]
                {
                    ("$[0]", "virtual-network default-project/red is in use by subnet default-project/red-v4."),
                    ("$[0]", "virtual-network default-project/red is in use by port default-project/vm1."),
                }
            )
        );
    }

    [Test]
    public void Objects_that_refer_to_each_other_go_together()
    {
        Apply(Red, RedSubnet, Vm1);
        var result = _service.Apply([ConfigEdit.Delete(Red.Key), ConfigEdit.Delete(RedSubnet.Key), ConfigEdit.Delete(Vm1.Key)]);

        Assert.That(result.Outcome, Is.EqualTo(ApplyOutcome.Applied));
        Assert.That(_service.All, Is.Empty);
    }

    [Test]
    public void Of_two_writers_that_saw_the_same_revision_one_wins()
    {
        Apply(Red);
        var first = _service.Apply([ConfigEdit.Put(Red with { Mtu = 1400 }, expectedRevision: 1)]);
        var second = _service.Apply([ConfigEdit.Put(Red with { Mtu = 1300 }, expectedRevision: 1)]);

        Assert.That(first.Outcome, Is.EqualTo(ApplyOutcome.Applied));
        Assert.That(second.Outcome, Is.EqualTo(ApplyOutcome.Stale));
        Assert.That(Find(Red).Mtu, Is.EqualTo(1400));
    }

    [Test]
    public void A_writer_behind_another_service_on_the_same_store_is_judged_by_what_stands()
    {
        var other = new ConfigService(_store, NextIdentifier);
        Apply(Red);

        var result = other.Apply([ConfigEdit.Put(new VirtualNetwork("blue"))]);

        Assert.That(result.Delta.Revision, Is.EqualTo(2));
        Assert.That(((VirtualNetwork)result.Diff.Single().After!).Id, Is.EqualTo(2));
    }

    [Test]
    public void Changes_can_be_read_from_any_revision()
    {
        Apply(Red);
        Apply(RedSubnet);

        Assert.That(_service.ReadChanges(1, 10)!.Select(delta => delta.Changes.Single().Key), Is.EqualTo(new[] { RedSubnet.Key }));
        Assert.That(_service.ReadChanges(2, 10), Is.Empty);
        Assert.That(_service.ReadChanges(3, 10), Is.Null);
    }

    private ApplyResult Apply(params ConfigObject[] objects)
    {
        var result = _service.Apply([.. objects.Select((value, index) => ConfigEdit.Put(value, $"$[{index}]"))]);
        Assert.That(result.Errors, Is.Empty);
        return result;
    }

    private T Find<T>(T like)
        where T : ConfigObject => (T)_service.Find(like.Key)!.Value;

    private Guid NextIdentifier() => new(1, 2, 3, 4, 0, 0, 0, 0, 0, 0, ++_identifiers);
}
