using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fabric.Lab.Definition;

/// <summary>Reads a lab file.</summary>
public static class LabFile
{
    /// <summary>Returns the definition, or null and every error found, each with its line and key.</summary>
    public static LabDefinition? Read(TextReader text, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        errors = found;
        if (Root(text, found) is not { } root)
        {
            return null;
        }

        var fields = new YamlFields(root, "", found);
        var underlay = fields.Child("underlay");
        var definition = new LabDefinition(
            fields.Name("lab"),
            fields.Number("as", 1, uint.MaxValue),
            underlay.Prefix("prefix"),
            // RFC 791: every host takes 576 octets; below that DHCP itself would not fit.
            (int)underlay.Number("mtu", 604, 9216),
            fields.List("control-nodes", Node),
            fields.List("hosts", Node),
            fields.List(
                "gateways",
                gateway => new LabGateway(gateway.Name("name"), gateway.Address("address"), gateway.OneOf("software", "frr", "gobgp"))
            ),
            fields.List("networks", Network),
            fields.List("security-groups", group => new LabSecurityGroup(group.Name("name"), group.List("rules", Rule))),
            fields.List("machines", Machine)
        );
        underlay.Finish();
        fields.Finish();
        if (found.Count == 0)
        {
            found.AddRange(LabRules.Violations(definition));
        }

        return found.Count == 0 ? definition : null;
    }

    private static YamlMappingNode? Root(TextReader text, List<string> errors)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
            {
                return root;
            }

            errors.Add("line 1: the file must be one YAML mapping");
        }
        catch (YamlException exception)
        {
            errors.Add($"line {exception.Start.Line}: {exception.Message}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet also ends so, without a line, on some text that is no YAML.
            errors.Add("the file is not valid YAML; check brackets, braces and comments");
        }

        return null;
    }

    private static LabNode Node(YamlFields fields) => new(fields.Name("name"), fields.Address("address"));

    private static LabNetwork Network(YamlFields fields) =>
        new(
            fields.Name("name"),
            fields.Prefix("prefix"),
            fields.Addresses("dns-servers"),
            fields.List("host-routes", route => new LabHostRoute(route.Prefix("prefix"), route.Address("next-hop")))
        );

    private static LabSecurityRule Rule(YamlFields fields) =>
        new(
            fields.Text("name") ?? "",
            fields.OneOf("direction", "ingress", "egress"),
            fields.Text("protocol", required: false),
            fields.Text("ports", required: false),
            fields.Text("remote-prefix", required: false)
        );

    private static LabMachine Machine(YamlFields fields) =>
        new(
            fields.Name("name"),
            fields.Text("network") ?? "",
            fields.Text("host") ?? "",
            fields.Address("address"),
            fields.Names("security-groups")
        );
}
