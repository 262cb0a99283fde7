namespace Fabric.Routing.Policies;

/// <summary>Numbers from the lowest to the highest, both included.</summary>
public readonly record struct NumberRange(uint Lowest, uint Highest)
{
    public static NumberRange Exactly(uint number) => new(number, number);

    public static NumberRange AtLeast(uint number) => new(number, uint.MaxValue);

    public static NumberRange AtMost(uint number) => new(0, number);

    public bool Contains(uint number) => number >= Lowest && number <= Highest;

    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest}-{Highest}";
}
