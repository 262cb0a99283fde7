namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class LabTurnTests
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"fabric-lab-{Guid.NewGuid():n}.lock");

    [TearDown]
    public void Remove() => File.Delete(path);

    [Test]
    public async Task Whoever_comes_second_has_the_labs_when_the_first_has_ended()
    {
        var first = await LabTurn.TakeAsync(path, TimeSpan.Zero, CancellationToken.None);
        var second = LabTurn.TakeAsync(path, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.That(second.IsCompleted, Is.False);
        first.Dispose();
        (await second).Dispose();
    }

    [Test]
    public async Task Nobody_waits_for_ever()
    {
        using var first = await LabTurn.TakeAsync(path, TimeSpan.Zero, CancellationToken.None);
        Assert.That(
            async () => await LabTurn.TakeAsync(path, TimeSpan.Zero, CancellationToken.None),
            Throws.TypeOf<LabException>().With.Message.Contains(path)
        );
    }

    [Test]
    public async Task A_wait_can_be_stopped()
    {
        using var first = await LabTurn.TakeAsync(path, TimeSpan.Zero, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var second = LabTurn.TakeAsync(path, TimeSpan.FromMinutes(1), stop.Token);
        stop.Cancel();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
    }
}
