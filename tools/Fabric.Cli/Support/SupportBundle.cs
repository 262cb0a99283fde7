using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Support;

/// <summary>
/// Takes everything that somebody who helps may want to see of this machine's programs. Options files come first, so that what is secret
/// in them is known when the logs come.
/// </summary>
internal sealed class SupportBundle(
    BundleArchive archive,
    Redactor redactor,
    BundleSources sources,
    string runDirectory,
    CancellationToken cancellation
)
{
    private const int LogLines = 4000;

    private readonly MachineParts _machine = new(archive, sources, cancellation);

    public async Task TakeAsync(IReadOnlyList<NodeClient> programs)
    {
        var found = new List<(NodeClient Program, ProgramProcess? Process)>();
        foreach (var program in programs)
        {
            var id = await program.ProcessIdAsync(sources.Limits.Answer, cancellation);
            found.Add((program, id is { } known ? new ProgramProcess(known, sources) : null));
        }

        foreach (var (program, process) in found)
        {
            await archive.AddAsync($"{Folder(program)}/options.yaml", () => OptionsAsync(process));
            await archive.AddAsync($"{Folder(program)}/process.json", () => Task.FromResult(process?.Describe(redactor) ?? NoProcess()));
        }

        foreach (var (program, process) in found)
        {
            var status = await new ProgramDocuments(archive, sources.Limits).TakeAsync(Folder(program), program, cancellation);
            if (program.Role == NodeRole.Datapath)
            {
                await TakeKernelAsync(program, process, status);
            }
        }

        foreach (var (program, process) in found)
        {
            await TakeLogsAsync(Folder(program), process);
        }

        await _machine.TakeMachineAsync();
        await archive.FinishAsync([.. programs.Select(program => program.Node).Distinct(StringComparer.Ordinal)]);
    }

    private static string Folder(NodeClient program) => $"nodes/{program.Node}/{program.Role.Program()}";

    private static Finding NoProcess() => Finding.Missing("no process listens at the program's socket");

    private async Task<Finding> OptionsAsync(ProgramProcess? process)
    {
        if (process is null)
        {
            return NoProcess();
        }

        if (process.OptionsFile() is not { } path)
        {
            return Finding.Missing("the process was started without --config");
        }

        var file = process.FileOf(path);
        return new FileInfo(file).Length > sources.Limits.PartBytes
            ? Finding.Missing("left out: it is larger than a part may be")
            : Finding.Clean(YamlRedaction.Copy(await File.ReadAllTextAsync(file, cancellation), redactor));
    }

    /// <summary>What the data plane has in the kernel: filters at its devices, pinned objects, and its network where that is another one.</summary>
    private async Task TakeKernelAsync(NodeClient program, ProgramProcess? process, JsonElement status)
    {
        var own = ProgramProcess.NamespaceOf(Path.Combine(sources.ProcessDirectory, "self/ns/net"));
        var elsewhere = process?.NetworkNamespace is { } its && its != own ? process : null;
        var folder = Folder(program) + "/kernel";
        if (elsewhere is not null)
        {
            await _machine.TakeNetworkAsync(folder, elsewhere);
        }

        var io = status.At("packet-io") ?? default;
        var devices = (string?[])[io.At("uplink")?.Text("device"), .. io.Items("vifs").Select(vif => vif.Text("device"))];
        await _machine.TakeFiltersAsync(folder, elsewhere, devices.OfType<string>());
        var pinned = Path.Combine(runDirectory, "bpf", program.Node);
        await _machine.RunAsync($"{folder}/bpf-files.txt", ["ls", "-lR", process?.FileOf(pinned) ?? pinned]);
    }

    private async Task TakeLogsAsync(string folder, ProgramProcess? process)
    {
        if (process is null)
        {
            await archive.AddAsync($"{folder}/log.txt", () => Task.FromResult(NoProcess()));
            return;
        }

        await archive.AddAsync($"{folder}/log.txt", () => LogAsync(process));
    }

    private async Task<Finding> LogAsync(ProgramProcess process)
    {
        if (process.LogFile() is { } file)
        {
            return await LogTail.ReadAsync(file, sources.Limits.LogBytes, cancellation);
        }

        string[] whose = process.Unit() is { } unit ? ["-u", unit] : [$"_PID={process.Id}"];
        string[] command = ["journalctl", "--no-pager", "--quiet", "-o", "short-iso-precise", "-n", $"{LogLines}", .. whose];
        var journal = await sources.Run(command, sources.Limits, cancellation);
        return journal.Bytes is { Length: 0 } ? Finding.Missing("the journal has no line of it, and its output is no file") : journal;
    }
}
