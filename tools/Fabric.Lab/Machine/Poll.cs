using System.Diagnostics;

namespace Fabric.Lab.Machine;

/// <summary>Waits for a condition of other processes, never for a time.</summary>
public static class Poll
{
    /// <summary>For what other processes do, where no time is promised: long enough for a busy machine, and waited to its end only when something is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until <paramref name="condition"/> holds; returns how long that took.</summary>
    /// <exception cref="LabException">It did not hold by the deadline; the message names <paramref name="what"/>.</exception>
    public static async Task<TimeSpan> UntilAsync(string what, TimeSpan deadline, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        string? last = null;
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return watch.Elapsed;
                }
            }
            catch (Exception exception) when (exception is LabException or System.Text.Json.JsonException)
            {
                last = exception.Message;
            }

            if (watch.Elapsed > deadline)
            {
                throw new LabException($"waited {deadline.TotalSeconds:0.#} s in vain for {what}{(last is null ? "" : $" ({last})")}");
            }

            await Task.Delay(Step, Interruption.Token);
        }
    }

    public static Task<TimeSpan> UntilAsync(string what, TimeSpan deadline, Func<bool> condition) =>
        UntilAsync(what, deadline, () => Task.FromResult(condition()));

    /// <summary>As above, within <see cref="Patience"/>.</summary>
    public static Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> condition) => UntilAsync(what, Patience, condition);

    /// <summary>As above, within <see cref="Patience"/>.</summary>
    public static Task<TimeSpan> UntilAsync(string what, Func<bool> condition) => UntilAsync(what, Patience, condition);
}
