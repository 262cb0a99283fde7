using System.Diagnostics;
using System.Runtime.InteropServices;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Lab;

/// <summary>The command line of the lab. Exit codes: 0 well, 1 not, 2 wrong usage or a wrong lab file, 130 stopped by the user.</summary>
public static class LabCommand
{
    private const int Stopped = 130;

    private const string Usage = """
        tools/lab up                  build, and bring the lab up
        tools/lab check [--point N]   prove that it works, a line a point
        tools/lab status              what runs, and how to look at it
        tools/lab exec NAME CMD...    run a command in a machine or a node
        tools/lab fabric ARGS...      the operator's command
        tools/lab kill NODE/ROLE      end a daemon at once, as a crash would
        tools/lab start NODE/ROLE     start it again
        tools/lab down                remove everything

        --file FILE                   the lab (tools/labs/quickstart.yaml)
        up --kafka ADDRESS:PORT[,...] a Kafka cluster that is there, in place of one in memory
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var words = args.ToList();
        var file = TakeOption(words, "--file") ?? Programs.Script("quickstart.yaml");
        var kafka = TakeOption(words, "--kafka");
        if (words is [] or ["help" or "--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return words.Count == 0 ? 2 : 0;
        }

        if (kafka is not null && words is not ["up"])
        {
            return await WrongUsageAsync();
        }

        if (Read(file) is not { } lab)
        {
            return 2;
        }

        try
        {
            return await RunAsync(lab, new LabPaths(lab.Name), words, kafka);
        }
        catch (LabException exception)
        {
            await Console.Error.WriteLineAsync($"fabric-lab: {exception.Message}");
            return 1;
        }
    }

    private static Task<int> RunAsync(LabDefinition lab, LabPaths paths, List<string> words, string? kafka) =>
        words switch
        {
            ["up"] => UpAsync(lab, paths, kafka),
            ["down"] => DownAsync(paths),
            ["status"] => StatusAsync(lab, paths),
            ["exec", var name, _, ..] => ExecAsync(lab, paths, name, words.Skip(2)),
            ["kill", var daemon] => DoneAsync(new NodeDaemons(lab, paths).Find(daemon).StopAsync("KILL")),
            ["start", var daemon] => DoneAsync(new LabBuilder(lab, paths).StartAsync(daemon)),
            ["fabric", ..] => InteractiveAsync([.. Programs.Cli, .. words.Skip(1)]),
            ["check", ..] => Checks.CheckCommand.RunAsync(lab, paths, words[1..]),
            _ => WrongUsageAsync(),
        };

    private static async Task<int> UpAsync(LabDefinition lab, LabPaths paths, string? kafka)
    {
        using var signals = Interruption.Handle();
        using var turn = await LabTurn.TakeAsync();
        if (turn is null)
        {
            return Stopped;
        }

        var progress = new Progress();
        Console.WriteLine($"lab {lab.Name}");
        try
        {
            await progress.StepAsync("leftovers of an earlier lab removed", () => LabCleaner.DownAsync(paths));
            await new LabBuilder(lab, paths).UpAsync(progress, kafka);
        }
        catch (Exception) when (Interruption.IsRequested)
        {
            Console.WriteLine("stopped; removing what was built");
            Interruption.Clear();
            await LabCleaner.DownAsync(paths);
            return Stopped;
        }

        var status = new LabStatus(lab, paths);
        var well = status.Print(Console.Out);
        status.PrintHints(Console.Out);
        Console.WriteLine();
        Console.WriteLine($"up after {progress.Seconds:0.0} s");
        return well ? 0 : 1;
    }

    private static async Task<int> DownAsync(LabPaths paths)
    {
        using var turn = await LabTurn.TakeAsync();
        await LabCleaner.DownAsync(paths);
        return 0;
    }

    private static Task<int> StatusAsync(LabDefinition lab, LabPaths paths)
    {
        if (!File.Exists(paths.NodeList))
        {
            Console.WriteLine($"lab {lab.Name} is down");
            return Task.FromResult(1);
        }

        var status = new LabStatus(lab, paths);
        var well = status.Print(Console.Out);
        status.PrintHints(Console.Out);
        return Task.FromResult(well ? 0 : 1);
    }

    private static Task<int> ExecAsync(LabDefinition lab, LabPaths paths, string name, IEnumerable<string> command)
    {
        var known = lab.Nodes.Select(node => node.Name).Concat(lab.Machines.Select(machine => machine.Name)).ToList();
        return known.Contains(name)
            ? InteractiveAsync(paths.Namespace(name).AsMachine(command))
            : throw new LabException($"there is no '{name}'; it is one of: {string.Join(", ", known)}");
    }

    // The person's own terminal goes to the command, Ctrl-C too.
    private static async Task<int> InteractiveAsync(string[] command)
    {
        using var ignore = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false });
        await process!.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task<int> DoneAsync(Task task)
    {
        await task;
        return 0;
    }

    private static Task<int> WrongUsageAsync()
    {
        Console.Error.WriteLine(Usage);
        return Task.FromResult(2);
    }

    private static LabDefinition? Read(string file)
    {
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"fabric-lab: there is no file {file}");
            return null;
        }

        using var text = File.OpenText(file);
        var lab = LabFile.Read(text, out var errors);
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"{file}: {error}");
        }

        return lab;
    }

    private static string? TakeOption(List<string> words, string option)
    {
        // Only before the command of "exec": what follows belongs to it.
        var at = words.IndexOf(option);
        if (at < 0 || at + 1 >= words.Count || (words.IndexOf("exec") is >= 0 and var exec && exec < at))
        {
            return null;
        }

        var value = words[at + 1];
        words.RemoveRange(at, 2);
        return value;
    }
}
