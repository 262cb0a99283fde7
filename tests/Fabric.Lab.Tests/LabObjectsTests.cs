using Fabric.Lab.Definition;

namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class LabObjectsTests
{
    [Test]
    public void The_names_of_a_port_are_the_same_in_every_run_and_differ_between_machines()
    {
        var lab = Quickstart();
        var again = Quickstart();

        Assert.That(
            lab.Machines.Select(machine => LabObjects.PortId(lab, machine)),
            Is.EqualTo(again.Machines.Select(machine => LabObjects.PortId(again, machine)))
        );
        Assert.That(lab.Machines.Select(machine => LabObjects.PortId(lab, machine)), Is.Unique);
        Assert.That(lab.Machines.Select(machine => LabObjects.MacAddress(lab, machine)), Is.Unique.And.All.StartsWith("02:"));
    }

    [Test]
    public void An_object_comes_after_those_that_it_refers_to()
    {
        var kinds = LabObjects.All(Quickstart()).Select(item => (string)item!["kind"]!).Distinct(StringComparer.Ordinal);

        Assert.That(kinds, Is.EqualTo(new[] { "global-config", "bgp-router", "virtual-network", "subnet", "security-group", "port" }));
    }

    [Test]
    public void A_plug_request_names_the_tap_and_the_port_of_the_configuration()
    {
        var lab = Quickstart();
        var machine = lab.Machines[0];

        var plug = LabObjects.Plug(lab, machine);

        Assert.That((string?)plug["system-name"], Is.EqualTo("tap-red1"));
        Assert.That((string?)plug["id"], Is.EqualTo((string?)LabObjects.Port(lab, machine)["id"]));
        Assert.That((string?)plug["mac-address"], Is.EqualTo((string?)LabObjects.Port(lab, machine)["mac-address"]));
    }

    private static LabDefinition Quickstart()
    {
        using var file = File.OpenText(Nodes.Programs.Script("quickstart.yaml"));
        return LabFile.Read(file, out _)!;
    }
}
