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
    public void All_faults_are_named_at_once_with_file_line_and_key()
    {
        var file = OptionsFile.Parse("node: 1host\nrun-dri: /run\ntls:\n  cert: x\n", "f.yaml");

        file.Required<string>("node", OptionValues.NodeName, "a node name");
        file.Required<string>("uplink", OptionValues.Text, "a device");
        file.Section("tls")!.Optional<string>("key", OptionValues.AbsolutePath, "an absolute path", "");

        Assert.That(
            file.Finish,
            Throws
                .TypeOf<OptionsException>()
                .With.Message.EqualTo(
                    "f.yaml:1: key 'node': '1host' is not a node name\n"
                        + "f.yaml: key 'uplink' is missing; expected a device\n"
                        + "f.yaml:2: key 'run-dri' is not known; known are node, tls, uplink\n"
                        + "f.yaml:4: key 'tls.cert' is not known; known are key"
                )
        );
    }

    [TestCase("")]
    [TestCase("- a\n- b\n")]
    [TestCase("a: [")]
    public void A_file_that_is_not_one_mapping_is_refused(string text) =>
        Assert.That(() => OptionsFile.Parse(text, "f.yaml"), Throws.TypeOf<OptionsException>().With.Message.StartsWith("f.yaml"));
}
