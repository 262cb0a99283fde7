namespace Fabric.Agent.Core.Tests;

public sealed class RouteTests
{
    private static Lab WithPort()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        return lab.Plug(View.PortA, "tap-a");
    }

    private static Lab WithTwoControllers() => WithPort().Establish(Lab.Second).EndOfRib(Lab.Second);

    [Test]
    public void A_remote_route_goes_through_a_tunnel_with_its_label()
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.EqualTo("tunnel 192.0.2.12 label 33"));

        lab.Retract(Lab.First, View.Red, "10.1.0.9/32");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
        Assert.That(lab.DataPlane.Tables.Keys.Count(key => key.StartsWith("next-hop")), Is.EqualTo(2), "interface and receive");
    }

    [Test]
    public void Equal_routes_of_both_controllers_are_one()
    {
        var lab = WithTwoControllers()
            .Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.12 33")
            .Learn(Lab.Second, View.Red, "10.1.0.9/32", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.EqualTo("tunnel 192.0.2.12 label 33"));

        lab.DataPlane.Touched.Clear();
        lab.Retract(Lab.First, View.Red, "10.1.0.9/32");
        Assert.That(lab.DataPlane.Touched, Is.Empty);
    }

    [Test]
    public void Next_hops_of_equal_cost_share_the_load()
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.13 44", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.EqualTo("tunnel 192.0.2.12 label 33 | tunnel 192.0.2.13 label 44"));
    }

    [Test]
    public void A_reflected_route_leads_to_the_vif_of_its_label()
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.200/32", "192.0.2.11 16");
        Assert.That(lab.RouteTo("10.1.0.200/32"), Is.EqualTo("vif tap-a"));
    }

    [Test]
    public void An_address_on_this_host_and_on_another_is_shared_between_both()
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.5/32", "192.0.2.11 16", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.1.0.5/32"), Is.EqualTo("tunnel 192.0.2.12 label 33 | vif tap-a"));
    }

    [Test]
    public void A_port_of_this_host_comes_before_a_remote_one()
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.5/32", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.1.0.5/32"), Is.EqualTo("vif tap-a"));
    }

    [TestCase(new uint[] { 7, 8 }, new uint[] { 8, 9 }, ExpectedResult = new uint[] { 8 })]
    [TestCase(new uint[] { 7 }, new uint[0], ExpectedResult = new uint[0])]
    public uint[] Controllers_that_disagree_give_a_route_the_groups_that_both_name(uint[] first, uint[] second)
    {
        var lab = WithTwoControllers()
            .Learn(Lab.First, View.Red, "10.1.0.9/32", first, "192.0.2.12 33")
            .Learn(Lab.Second, View.Red, "10.1.0.9/32", second, "192.0.2.12 33");

        return lab.GroupsOf("10.1.0.9/32");
    }

    [Test]
    public void A_shared_address_has_no_group_that_the_port_of_this_host_has_left()
    {
        var lab = Lab.Started(
                View.Network("red", "10.1.0.0/24"),
                View.Group("web", 7),
                View.Group("mail", 8),
                View.Port(View.PortA, "red", "10.1.0.5", "web")
            )
            .Plug(View.PortA, "tap-a");

        lab.Learn(Lab.First, View.Red, "10.1.0.5/32", [7, 8], "192.0.2.11 16", "192.0.2.12 33");

        Assert.That(lab.RouteTo("10.1.0.5/32"), Is.EqualTo("tunnel 192.0.2.12 label 33 | vif tap-a"));
        Assert.That(lab.GroupsOf("10.1.0.5/32"), Is.EqualTo(new uint[] { 7 }));
    }

    [TestCase("192.0.2.12 33 Vxlan", TestName = "An_encapsulation_that_this_host_cannot_send_is_ignored_and_counted")]
    [TestCase("192.0.2.12 3", TestName = "A_reserved_label_is_ignored_and_counted")]
    [TestCase("192.0.2.11 999", TestName = "A_reflection_with_an_unknown_label_is_ignored_and_counted")]
    [TestCase("2001:db8::1 33", TestName = "A_next_hop_that_is_not_IPv4_is_ignored_and_counted")]
    public void Unresolvable(string nextHop)
    {
        var lab = WithPort().Learn(Lab.First, View.Red, "10.1.0.9/32", nextHop);
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
        Assert.That(lab.Core.UnresolvedRouteCount, Is.EqualTo(1));
    }

    [Test]
    public void A_route_of_a_vrf_without_a_port_is_dropped_and_counted()
    {
        var lab = WithPort().Learn(Lab.First, View.Blue, "10.2.0.9/32", "192.0.2.12 33");
        Assert.That(lab.RouteTo("10.2.0.9/32"), Is.Null);
        Assert.That(lab.Core.UnexpectedRouteCount, Is.EqualTo(1));
    }

    [Test]
    public void A_fresh_path_comes_before_a_stale_one()
    {
        var lab = WithTwoControllers()
            .Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.12 33")
            .Do(new ControllerDown(Lab.First))
            .Learn(Lab.Second, View.Red, "10.1.0.9/32", "192.0.2.13 44");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.EqualTo("tunnel 192.0.2.13 label 44"));
    }

    [Test]
    public void A_living_controllers_retraction_removes_what_a_lost_one_said()
    {
        var lab = WithTwoControllers()
            .Learn(Lab.First, View.Red, "10.1.0.9/32", "192.0.2.12 33")
            .Learn(Lab.Second, View.Red, "10.1.0.9/32", "192.0.2.12 33")
            .Do(new ControllerDown(Lab.First))
            .Retract(Lab.Second, View.Red, "10.1.0.9/32");
        Assert.That(lab.RouteTo("10.1.0.9/32"), Is.Null);
    }
}
