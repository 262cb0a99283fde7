namespace Fabric.Primitives.Tests;

public sealed class EquatableArrayTests
{
    private sealed record Holder(EquatableArray<string> Items);

    [Test]
    public void Records_that_hold_equal_lists_are_equal() => Assert.That(new Holder(["a", "b"]) == new Holder(["a", "b"]), Is.True);

    [Test]
    public void Order_matters() => Assert.That(new Holder(["a", "b"]), Is.Not.EqualTo(new Holder(["b", "a"])));

    [Test]
    public void The_default_is_the_empty_list() => Assert.That(default(EquatableArray<int>) == [], Is.True);
}
