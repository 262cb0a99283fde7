using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Fabric.Hosting;

/// <summary>What stands before all that a program serves.</summary>
internal sealed class HttpGates(HttpAccess access) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.SayWhatIsWrong();
            app.RefuseForeignPages(access.Names);
            next(app);
        };
}
