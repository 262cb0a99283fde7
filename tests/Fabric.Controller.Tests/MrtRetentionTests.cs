using Fabric.Controller.Monitoring;

namespace Fabric.Controller.Tests;

public sealed class MrtRetentionTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fabric-mrt-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_newest_files_of_a_kind_stay_and_nothing_else_is_touched()
    {
        Make("rib.20260101.000000.mrt", "rib.20260101.020000.mrt", "rib.20260102.000000.mrt");
        Make("updates.20250101.000000.mrt", "rib.mine.mrt", "rib.20250101.000000.mrt.gz", "rib.20250101.000000.mrt.part");

        MrtRetention.Apply(_folder, "rib", keep: 2);

        Assert.That(
            Names(),
            Is.EquivalentTo([
                "rib.20260101.020000.mrt",
                "rib.20260102.000000.mrt",
                "updates.20250101.000000.mrt",
                "rib.mine.mrt",
                "rib.20250101.000000.mrt.gz",
                "rib.20250101.000000.mrt.part",
            ])
        );
    }

    [Test]
    public void With_no_number_all_stay()
    {
        Make("rib.20260101.000000.mrt", "rib.20260101.020000.mrt");

        MrtRetention.Apply(_folder, "rib", keep: 0);

        Assert.That(Names(), Has.Exactly(2).Items);
    }

    private void Make(params string[] names)
    {
        foreach (var name in names)
        {
            File.WriteAllBytes(Path.Combine(_folder, name), []);
        }
    }

    private IEnumerable<string?> Names() => Directory.EnumerateFiles(_folder).Select(Path.GetFileName);
}
