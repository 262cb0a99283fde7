using Fabric.Datapath.Host;
using Fabric.Datapath.Host.Configuration;
using Fabric.Datapath.Kernel;
using Fabric.Hosting.Configuration;

const int ExitFailed = 1;
const int ExitUsage = 2;

if (CommandLine.Parse(args) is not { } command)
{
    await Console.Error.WriteLineAsync(CommandLine.Usage);
    return ExitUsage;
}

try
{
    var options = DatapathOptionsFile.Load(command.ConfigFile);
    if (!command.Detach)
    {
        await DatapathHost.RunAsync(options);
        return 0;
    }

    var problems = await Detachment.RunAsync(options);
    foreach (var problem in problems)
    {
        await Console.Error.WriteLineAsync($"fabric-dp: {problem}");
    }

    return problems.Count == 0 ? 0 : ExitFailed;
}
catch (OptionsException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitUsage;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or KernelCacheException)
{
    await Console.Error.WriteLineAsync($"fabric-dp: {exception.Message}");
    return ExitFailed;
}
