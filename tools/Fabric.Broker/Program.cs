using System.Runtime.InteropServices;
using Fabric.Broker;

if (args.Any(word => word is "--help" or "-h"))
{
    Console.WriteLine(BrokerOptions.Usage);
    return 0;
}

using var ended = new ManualResetEventSlim();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    var options = BrokerOptions.Parse(args);
    using var cluster = Reach.Start(options);
    foreach (var (name, partitions) in options.Topics())
    {
        cluster?.CreateTopic(name, partitions);
    }

    var servers = cluster?.Bootstraps ?? string.Join(',', options.Servers);
    if (options.PortFile is { } file)
    {
        // In one step: who waits for the file never reads half of it.
        File.WriteAllText(file + ".new", servers + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    Console.WriteLine(servers);
    if (cluster is not null)
    {
        // The end of standard input is not the end: daemons have none.
        new Thread(() => ObeyLines(new ControlLines(cluster))) { IsBackground = true }.Start();
    }

    ended.Wait();
    return 0;
}
catch (Exception exception)
    when (exception
            is FormatException
                or IOException
                or InvalidOperationException
                or DllNotFoundException
                or System.Text.Json.JsonException
                or System.ComponentModel.Win32Exception
    )
{
    Console.Error.WriteLine($"fabric-broker: {exception.Message}");
    return 2;
}

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ended.Set();
}

static void ObeyLines(ControlLines lines)
{
    while (Console.In.ReadLine() is { } line)
    {
        Console.WriteLine(lines.Execute(line));
    }
}
