namespace Fabric.Routing.Tests.Storage;

public sealed class ReceiverBitsTests
{
    private const int Routes = 1000;

    [TestCase(8, 1, TestName = "Eight_receivers_take_a_byte_a_route")]
    [TestCase(64, 1, TestName = "So_do_sixty_four_that_hold_all_routes_but_their_own")]
    public void Rows_are_small(int receivers, int bytes)
    {
        var bits = new ReceiverBits();
        var all = receivers == 64 ? ulong.MaxValue : (1UL << receivers) - 1;

        for (var route = 0; route < 1 << 16; route++)
        {
            bits.Set(route, all & ~(1UL << route % receivers));
        }

        Assert.That(bits.MemoryBytes, Is.LessThanOrEqualTo(2 * bytes << 16));
        Assert.That(bits[receivers + 1], Is.EqualTo(all & ~2UL));
    }

    [TestCase(3, 1 << 16, TestName = "Few_receivers_in_any_state_are_kept_apart")]
    [TestCase(40, 100, TestName = "Many_receivers_in_few_states_are_kept_apart")]
    [TestCase(40, 1 << 16, TestName = "Many_receivers_in_very_many_states_are_kept_apart")]
    [TestCase(64, 1 << 16, TestName = "All_receivers_in_very_many_states_are_kept_apart")]
    public void Bits_are_those_that_were_set(int receivers, int states)
    {
        var random = new Random(receivers + states);
        var bits = new ReceiverBits();
        var expected = new ulong[Routes];
        for (var step = 0; step < 100_000; step++)
        {
            var route = random.Next(Routes);
            var some = StateOf(random.Next(states), receivers);
            switch (random.Next(3))
            {
                case 0:
                    bits.Set(route, some);
                    expected[route] = some;
                    break;
                case 1:
                    Assert.That(bits.Take(route, some, out var left), Is.EqualTo(expected[route] & some));
                    Assert.That(left, Is.EqualTo(expected[route] &= ~some));
                    break;
                default:
                    bits.Add(route, some);
                    expected[route] |= some;
                    break;
            }
        }

        Assert.That(Enumerable.Range(0, Routes).Select(route => bits[route]), Is.EqualTo(expected));
    }

    [Test]
    public void Sets_that_no_route_has_any_more_do_not_count()
    {
        var bits = new ReceiverBits();
        for (var set = 1UL << 32; set < (1UL << 32) + 10_000; set++)
        {
            bits.Set(0, set);
            bits.Set(Routes, set << 16);
        }

        Assert.That(bits.MemoryBytes, Is.LessThan(2 * Routes));
        Assert.That(bits[0], Is.EqualTo((1UL << 32) + 9_999));
    }

    private static ulong StateOf(int state, int receivers) =>
        new Random(state).NextInt64() is var bits && receivers == 64 ? (ulong)bits << 1 : (ulong)bits & (1UL << receivers) - 1;
}
