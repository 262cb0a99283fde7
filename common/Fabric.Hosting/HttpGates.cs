using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Fabric.Hosting;

/// <summary>What stands before all that a program serves.</summary>
internal sealed class HttpGates : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.SayWhatIsWrong();
            app.RefuseForeignPages();
            next(app);
        };
}
