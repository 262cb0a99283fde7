using System.Net;
using Fabric.Hosting.Configuration;

namespace Fabric.Hosting.Tests;

public sealed class OptionsFileTests
{
    [Test]
    public void Values_lists_sections_and_defaults_are_read()
    {
        var file = OptionsFile.Parse(
            "node: host1\ncontrollers: [192.0.2.1:5269, 192.0.2.2:5269]\ntls:\n  key: /a/b\napi: null\n",
            "f.yaml"
        );

        var node = file.Required<string>("node", OptionValues.NodeName, OptionValues.NodeNameExpected);
        var controllers = file.List<IPEndPoint>("controllers", OptionValues.EndPoint!, OptionValues.EndPointExpected);
        var key = file.Section("tls")!.Required<string>("key", OptionValues.AbsolutePath, "an absolute path");
        var api = file.Nullable<IPEndPoint>("api", OptionValues.EndPoint!, OptionValues.EndPointExpected, new IPEndPoint(0, 1));
        var port = file.Optional<int>("port", OptionValues.Port, "a port", 179);
        file.Finish();

        Assert.That((node, controllers.Count, key, api, port), Is.EqualTo(("host1", 2, "/a/b", (IPEndPoint?)null, 179)));
    }

    [Test]
    public void All_faults_are_named_at_once_with_file_line_column_and_key()
    {
        var file = OptionsFile.Parse("node: 1host\nnodes: [/run]\ntls:\n  cert: x\n", "f.yaml");

        file.Required<string>("node", OptionValues.NodeName, "a node name");
        file.Required<string>("uplink", OptionValues.Text, "a device");
        file.Section("tls")!.Optional<string>("key", OptionValues.AbsolutePath, "an absolute path", "");

        Assert.That(
            file.Finish,
            Throws
                .TypeOf<OptionsException>()
                .With.Message.EqualTo(
                    "f.yaml:1:7: key 'node': '1host' is not a node name\n"
                        + "f.yaml:1:1: key 'uplink' is missing; expected a device\n"
                        + "f.yaml:2:1: key 'nodes' is not known; did you mean 'node'? known are node, tls, uplink\n"
                        + "f.yaml:4:3: key 'tls.cert' is not known; known are key"
                )
        );
    }

    [Test]
    public void Sections_are_read_by_the_names_that_the_operator_gave_them()
    {
        var file = OptionsFile.Parse("groups:\n  b: { size: 1 }\n  a: { size: 2 }\n  c: 3\n", "f.yaml");

        var groups = file.NamedSections("groups");
        var read = groups.Select(group => (group.Name, group.Section.Required<string>("size", OptionValues.Text, "a size"))).ToList();

        Assert.That(read, Is.EqualTo(new[] { ("b", "1"), ("a", "2") }));
        Assert.That(file.Finish, Throws.TypeOf<OptionsException>().With.Message.EqualTo("f.yaml:4:6: key 'groups.c': expected a mapping"));
    }

    [TestCase("hold-tmie", "did you mean 'hold-time'? known are families, hold-time")]
    [TestCase("familie", "did you mean 'families'? known are families, hold-time")]
    [TestCase("colour", "known are families, hold-time")]
    public void The_likely_word_is_suggested(string word, string expected) =>
        Assert.That(OptionWords.Known(word, ["hold-time", "families"]), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("- a\n- b\n")]
    [TestCase("a: [")]
    public void A_file_that_is_not_one_mapping_is_refused(string text) =>
        Assert.That(() => OptionsFile.Parse(text, "f.yaml"), Throws.TypeOf<OptionsException>().With.Message.StartsWith("f.yaml"));
}
