using System.Diagnostics;

namespace Fabric.Lab;

/// <summary>Says what is going on, a line a step with its time.</summary>
public sealed class Progress
{
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public async Task StepAsync(string what, Func<Task> step)
    {
        var started = watch.Elapsed;
        Console.Write($"  {what} ");
        try
        {
            await step();
        }
        catch
        {
            Console.WriteLine("failed");
            throw;
        }

        Console.WriteLine($"({(watch.Elapsed - started).TotalSeconds:0.0} s)");
    }

    public double Seconds => watch.Elapsed.TotalSeconds;
}
