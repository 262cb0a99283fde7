using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

public sealed class NodeClientTests
{
    [TestCase("GET", "0.1")]
    [TestCase("PUT", "0.2")]
    public async Task A_program_that_takes_a_request_and_says_nothing_is_given_up_in_words(string method, string seconds)
    {
        await using var fabric = new FakeFabric();
        await fabric.StartStuckAsync("control1", NodeRole.Control);
        var client = new NodeClient("control1", NodeRole.Control, fabric.Socket("control1", NodeRole.Control))
        {
            Patience = TimeSpan.FromSeconds(0.1),
            PatienceOfChange = TimeSpan.FromSeconds(0.2),
        };

        Assert.That(
            () => client.SendAsync(new HttpMethod(method), "/v1/objects", body: null),
            Throws.TypeOf<CliException>().With.Message.EqualTo($"fabric-control of control1 does not answer: no answer within {seconds} s")
        );
    }
}
