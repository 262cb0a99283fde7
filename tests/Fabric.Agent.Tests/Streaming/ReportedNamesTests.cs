using Fabric.Agent.Streaming;
using Google.Protobuf.Collections;

namespace Fabric.Agent.Tests.Streaming;

/// <summary>Names that the data plane gives numbers to; a broken one may give any number of any length.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportedNamesTests
{
    private static readonly string s_long = new('x', 2 << 20);

    private readonly ReportedNames _names = new();

    [Test]
    public void Names_take_so_much_room_and_no_more()
    {
        var refused = Enumerable.Range(1, 40).Sum(number => Take((uint)number, s_long));

        Assert.That(refused, Is.EqualTo(8), "64 characters for each of 2^20 names are 32 of 2^21");
        Assert.That(_names.Find(32), Is.Not.Null);
        Assert.That(_names.Find(33), Is.Null);
    }

    [Test]
    public void A_name_that_takes_the_place_of_another_has_its_room()
    {
        for (var i = 0; i < 40; i++)
        {
            Assert.That(Take(1, s_long), Is.Zero);
        }
    }

    [Test]
    public void Another_connection_has_all_the_room()
    {
        Assert.That(Enumerable.Range(1, 32).Sum(number => Take((uint)number, s_long)), Is.Zero);
        _names.Clear();
        Assert.That(Take(33, s_long), Is.Zero);
    }

    private int Take(uint number, string name) =>
        _names.Take(new RepeatedField<Fabric.Model.Datapath.NameEntry> { Reports.Name(number, name) });
}
