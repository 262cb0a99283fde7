using System.Text.Json;
using System.Text.Json.Nodes;
using Fabric.Model.Config;

namespace Fabric.Model.Tests.Config;

/// <summary>schemas/config is what other programs read; FABRIC_UPDATE_SCHEMAS=1 writes it anew from the records.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    [TestCaseSource(typeof(ConfigKinds), nameof(ConfigKinds.All))]
    public void The_file_of_a_kind_is_its_schema(ConfigKind kind)
    {
        var file = Path.Combine(Repository(), "schemas", "config", kind.Word() + ".schema.json");
        var schema = ConfigSchema.Of(kind).ToJsonString(s_indented) + "\n";
        if (Environment.GetEnvironmentVariable("FABRIC_UPDATE_SCHEMAS") == "1")
        {
            File.WriteAllText(file, schema);
        }

        Assert.That(File.ReadAllText(file), Is.EqualTo(schema));
    }

    [Test]
    public void A_rule_has_its_own_schema_inside_its_group()
    {
        var rule = ConfigSchema.Of(ConfigKind.SecurityGroup)["properties"]!["rules"]!["items"]!["properties"]!.AsObject();

        Assert.That(rule.Select(property => property.Key), Does.Contain("remote-prefix").And.Contain("direction"));
        Assert.That(rule["remote-prefix"]!["type"]!.AsArray().Select(type => (string)type!), Is.EqualTo(new[] { "string", "null" }));
    }

    [Test]
    public void What_is_required_is_what_the_record_requires() =>
        Assert.That(
            ConfigSchema.Of(ConfigKind.Subnet)["required"]!.AsArray().Select((JsonNode? name) => (string)name!),
            Is.EquivalentTo(new[] { "name", "network", "prefix" })
        );

    private static string Repository()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Fabric.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The test does not run inside the repository.");
        }

        return folder.FullName;
    }
}
