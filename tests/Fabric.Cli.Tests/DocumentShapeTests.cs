using System.Reflection;
using System.Text.Json;
using AgentViews = Fabric.Agent.Inspection;
using ControlViews = Fabric.Controller.Inspection;
using DatapathViews = Fabric.Datapath.Inspection;
using HostViews = Fabric.Datapath.Host.Inspection;

namespace Fabric.Cli.Tests;

/// <summary>The stored documents have the members of the records that the programs serve, so a renamed one is seen here.</summary>
public sealed class DocumentShapeTests
{
    [TestCase("control-status", typeof(ControlViews.StatusDocument))]
    [TestCase("control-status-not-well", typeof(ControlViews.StatusDocument))]
    [TestCase("control-bgp-summary", typeof(ControlViews.SummaryDocument))]
    [TestCase("control-bgp-neighbor", typeof(ControlViews.NeighborDetailDocument))]
    [TestCase("control-bgp-memberships", typeof(ControlViews.MembershipsDocument))]
    [TestCase("control-bgp-routes", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-bgp-evpn", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-bgp-rtc", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-bgp-ipv4-labelled", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-bgp-received", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-bgp-advertised", typeof(ControlViews.AdvertisedRoutesDocument))]
    [TestCase("control-cleared", typeof(Fabric.Controller.Operations.ClearedDocument))]
    [TestCase("control-routes-contested", typeof(ControlViews.RoutesDocument))]
    [TestCase("control-vrfs", typeof(ControlViews.VrfsDocument))]
    [TestCase("agent-status", typeof(AgentViews.AgentStatus))]
    [TestCase("agent-ports", typeof(AgentViews.PortsView))]
    [TestCase("agent-vrfs", typeof(AgentViews.VrfsView))]
    [TestCase("dp-status", typeof(HostViews.StatusRecord))]
    [TestCase("dp-flows", typeof(HostViews.Listing<DatapathViews.FlowRecord>))]
    [TestCase("dp-vifs", typeof(HostViews.Listing<DatapathViews.VifRecord>))]
    [TestCase("dp-vrfs", typeof(HostViews.Listing<DatapathViews.VrfRecord>))]
    [TestCase("dp-routes", typeof(HostViews.Listing<DatapathViews.RouteRecord>))]
    [TestCase("dp-next-hops", typeof(HostViews.Listing<DatapathViews.NextHopRecord>))]
    [TestCase("dp-labels", typeof(HostViews.Listing<DatapathViews.LabelRecord>))]
    [TestCase("dp-drops", typeof(HostViews.DropsRecord))]
    public void A_stored_document_has_the_members_of_its_record(string name, Type record)
    {
        var strays = Strays(JsonDocument.Parse(TestFiles.Document(name)).RootElement, record, "$").ToList();

        Assert.That(strays, Is.Empty);
    }

    private static IEnumerable<string> Strays(JsonElement element, Type type, string path)
    {
        if (element.ValueKind == JsonValueKind.Array && Item(type) is { } item)
        {
            return element.EnumerateArray().SelectMany(value => Strays(value, item, path + "[]"));
        }

        var isRecord = element.ValueKind == JsonValueKind.Object && !type.Name.Contains("Dictionary", StringComparison.Ordinal);
        return isRecord ? element.EnumerateObject().SelectMany(member => OfMember(member, type, path)) : [];
    }

    private static IEnumerable<string> OfMember(JsonProperty member, Type type, string path)
    {
        var property = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(candidate => JsonNamingPolicy.KebabCaseLower.ConvertName(candidate.Name) == member.Name);
        return property is null
            ? [$"{path}.{member.Name}"]
            : Strays(member.Value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, $"{path}.{member.Name}");
    }

    private static Type? Item(Type type) =>
        type.GetInterfaces()
            .Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            ?.GetGenericArguments()[0];
}
