using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fabric.Hosting.Loops;

/// <summary>A request that a stuck loop would have to answer is refused at once, with words, instead of waiting for ever.</summary>
public static class LoopGate
{
    /// <summary>In front of everything but /metrics, which tells of stuck loops itself.</summary>
    public static void RefuseWhileStuck(this WebApplication app, params IReadOnlyList<LoopWatch> watches) =>
        app.Use(
            (context, next) =>
                context.Request.Path != "/metrics" && watches.FirstOrDefault(static watch => watch.IsStuck) is { } stuck
                    ? Results
                        .Problem(
                            statusCode: StatusCodes.Status503ServiceUnavailable,
                            title: $"the {stuck.Name} loop has not run for {stuck.Silence.TotalSeconds:F0} s; take a support bundle, and restart this program"
                        )
                        .ExecuteAsync(context)
                    : next(context)
        );
}
