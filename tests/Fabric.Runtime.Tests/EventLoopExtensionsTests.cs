using Fabric.Testing;

namespace Fabric.Runtime.Tests;

public sealed class EventLoopExtensionsTests
{
    [Test]
    public async Task A_question_is_answered_when_the_loop_comes_to_it()
    {
        var loop = new ManualLoop();

        var answer = loop.AskAsync(() => 42);
        var early = answer.IsCompleted;
        loop.RunPosted();

        Assert.That((early, await answer), Is.EqualTo((false, 42)));
    }

    [Test]
    public void What_fails_on_the_loop_fails_for_the_asker_and_not_for_the_loop()
    {
        var loop = new ManualLoop();

        var work = loop.RunAsync(() => throw new IOException("disk full"));
        Assert.That(loop.RunPosted, Throws.Nothing);

        Assert.That(async () => await work, Throws.TypeOf<IOException>().With.Message.EqualTo("disk full"));
    }

    [Test]
    public async Task The_asker_goes_on_off_the_loop()
    {
        using var loop = new ThreadLoop("test", TimeProvider.System, _ => { });

        await loop.RunAsync(() => { });

        Assert.That(loop.IsCurrent, Is.False);
    }
}
