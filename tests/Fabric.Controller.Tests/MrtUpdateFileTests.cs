using Fabric.Controller.Monitoring;
using Fabric.Testing;

namespace Fabric.Controller.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MrtUpdateFileTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("mrt").FullName;
    private readonly MrtUpdateFile _file;

    public MrtUpdateFileTests()
    {
        _file = new MrtUpdateFile(() => Path.Combine(_folder, $"{_time.GetUtcNow():HHmmss}"), TimeSpan.FromMinutes(5), _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_file_takes_what_comes_in_its_time()
    {
        Assert.That(await _file.WriteAsync("one "u8.ToArray()), Is.True);
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.That(await _file.WriteAsync("two"u8.ToArray()), Is.False);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await _file.WriteAsync("three"u8.ToArray()), Is.True);

        Assert.That(Contents(), Is.EquivalentTo(new[] { "one two", "three" }));
    }

    [Test]
    public async Task A_file_that_cannot_be_begun_costs_the_records_of_that_moment_and_no_later_ones()
    {
        await _file.WriteAsync("before"u8.ToArray());
        Directory.Delete(_folder, recursive: true);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(() => _file.WriteAsync("lost"u8.ToArray()), Throws.InstanceOf<IOException>());

        Directory.CreateDirectory(_folder);
        await _file.WriteAsync("after"u8.ToArray());

        Assert.That(Contents(), Is.EqualTo(new[] { "after" }));
    }

    private IEnumerable<string> Contents() => Directory.EnumerateFiles(_folder).Select(File.ReadAllText);
}
