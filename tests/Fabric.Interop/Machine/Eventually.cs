using System.Text.Json;
using Fabric.Lab;
using NUnit.Framework.Constraints;

namespace Fabric.Interop.Machine;

/// <summary>Waits for what a daemon says to be as expected; what it said last is the failure.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);

    /// <summary>Long enough for a daemon to start, and for a session to come up, on a busy machine; what is expected is there much sooner.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer satisfies the constraint.</summary>
    /// <param name="logs">What the daemons have printed, for the failure's message.</param>
    public static async Task<T> HoldsAsync<T>(Func<Task<T>> ask, IResolveConstraint expected, Func<string> logs, Deadline? deadline = null)
    {
        var constraint = expected.Resolve();
        var end = deadline ?? new Deadline(Patience);
        while (true)
        {
            var isLast = end.IsOver;
            try
            {
                var answer = await ask();
                if (constraint.ApplyTo(answer).IsSuccess)
                {
                    return answer;
                }

                if (isLast)
                {
                    Assert.That(answer, constraint, logs);
                }
            }
            catch (Exception exception) when (exception is LabException or JsonException)
            {
                if (isLast)
                {
                    Assert.Fail($"{exception.Message}\n{logs()}");
                }
            }

            await Task.Delay(s_step);
        }
    }
}
