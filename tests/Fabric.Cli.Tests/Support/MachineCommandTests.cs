using System.Text;
using Fabric.Cli.Support;

namespace Fabric.Cli.Tests.Support;

public sealed class MachineCommandTests
{
    [Test]
    public async Task A_command_that_is_missing_is_noted()
    {
        var finding = await RunAsync(BundleLimits.Default, "fabric-no-such-command");

        Assert.That(finding, Is.EqualTo(Finding.Missing("fabric-no-such-command is not on this machine")));
    }

    [Test]
    public async Task A_command_that_fails_says_why()
    {
        var finding = await RunAsync(BundleLimits.Default, "sh", "-c", "echo because >&2; exit 3");

        Assert.That(finding, Is.EqualTo(Finding.Missing("sh ended with status 3: because")));
    }

    [Test]
    public async Task A_command_that_hangs_is_ended_and_what_it_said_stays()
    {
        var limits = new BundleLimits { Command = TimeSpan.FromMilliseconds(500) };

        var finding = await RunAsync(limits, "sh", "-c", "echo begun; exec sleep 600");

        Assert.That(finding.Note, Is.EqualTo("sh was ended after 0.5 s"));
    }

    [Test]
    public async Task Long_output_is_cut()
    {
        var finding = await RunAsync(new BundleLimits { PartBytes = 5 }, "echo", "123456789");

        Assert.That(
            (Encoding.UTF8.GetString(finding.Bytes!), finding.IsCut, finding.Note),
            Is.EqualTo(("12345", true, "cut: it is 10 octets long"))
        );
    }

    private static Task<Finding> RunAsync(BundleLimits limits, params string[] words) =>
        MachineCommand.RunAsync(words, limits, CancellationToken.None);
}
