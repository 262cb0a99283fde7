using System.Net;
using Fabric.Hosting.Configuration;
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
