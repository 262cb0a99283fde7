using System.Runtime.CompilerServices;

namespace Fabric.Fuzz.Engine;

internal static class Invariant
{
    /// <param name="holds">The invariant.</param>
    /// <param name="what">What to say when it does not hold.</param>
    public static void Holds(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new InvariantException(what);
        }
    }
}
