using System.Net;
using Fabric.Hosting.Configuration;
using Fabric.Hosting.Logging;
using Fabric.Runtime;

namespace Fabric.Hosting.Tests;

public sealed class CommonOptionsTests
{
    [Test]
    public void Folders_and_addresses_that_are_not_said_follow_the_node_and_the_program()
    {
        var file = OptionsFile.Parse("node: host1\n", "f.yaml");

        var node = file.NodeName();
        var all = (node, file.RunDirectory(node), file.StateDirectory(node), file.ServedAt("api", 9093), file.Tls());
        file.Finish();

        Assert.That(
            all,
            Is.EqualTo(
                ("host1", "/run/fabric/host1", "/var/lib/fabric/host1", new IPEndPoint(IPAddress.Loopback, 9093), (TlsCredentials?)null)
            )
        );
    }

    [TestCase("node: host1\n", LogFormat.Text)]
    [TestCase("log-format: text\n", LogFormat.Text)]
    [TestCase("log-format: json\n", LogFormat.Json)]
    public void The_log_is_for_people_unless_the_file_says_json(string file, LogFormat expected) =>
        Assert.That(OptionsFile.Parse(file, "f.yaml").LogFormat(), Is.EqualTo(expected));

    [Test]
    public void Another_format_of_the_log_is_refused()
    {
        var file = OptionsFile.Parse("log-format: xml\n", "f.yaml");

        file.LogFormat();

        Assert.That(file.Finish, Throws.TypeOf<OptionsException>().With.Message.Contains("'xml' is not text or json"));
    }

    [Test]
    public void Tls_names_three_files()
    {
        var file = OptionsFile.Parse("tls: { certificate: /a.pem, key: /b.pem, authority: /c.pem }\n", "f.yaml");

        Assert.That(file.Tls(), Is.EqualTo(new TlsCredentials("/a.pem", "/b.pem", "/c.pem")));
    }

    [Test]
    public void Half_of_tls_is_refused()
    {
        var file = OptionsFile.Parse("tls: { certificate: a.pem, key: /b.pem }\n", "f.yaml");

        file.Tls();

        Assert.That(
            file.Finish,
            Throws
                .TypeOf<OptionsException>()
                .With.Message.EqualTo(
                    "f.yaml:1:21: key 'tls.certificate': 'a.pem' is not the absolute path of a PEM file\n"
                        + "f.yaml:1:6: key 'tls.authority' is missing; expected the absolute path of a PEM file"
                )
        );
    }
}
