using Fabric.Controller.Rehearsals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Controller.Tests;

public sealed class RehearsalTests
{
    [Test]
    public void Each_route_comes_and_goes_in_each_act([Values] bool makesRows)
    {
        var failures = new List<Exception>();

        var told = Rehearsal.Run(makesRows, failures.Add, NullLogger.Instance, mostActs: 3);

        Assert.That(told, Is.EqualTo(3 * 2 * RehearsalTable.Routes));
        Assert.That(failures, Is.Empty);
    }
}
