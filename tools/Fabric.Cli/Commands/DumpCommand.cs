using System.CommandLine;

namespace Fabric.Cli.Commands;

/// <summary>bgp dump: the control node's tables as an MRT file.</summary>
internal static class DumpCommand
{
    private static readonly Argument<FileInfo> s_file = new("file") { Description = "Written beside and renamed when it is whole." };

    public static Command Create() =>
        CliContext.Action(
            new Command("dump", "Write all routes into an MRT file (RFC 6396, TABLE_DUMP_V2), which bgpdump and others read.") { s_file },
            DumpAsync
        );

    private static async Task DumpAsync(CliContext context)
    {
        var file = context.Parsed.GetValue(s_file)!;
        var part = file.FullName + ".part";
        try
        {
            await using var stream = File.Create(part);
            try
            {
                await context.Control().DownloadAsync("/inspect/bgp/dump", stream, context.Cancellation);
                await stream.FlushAsync(context.Cancellation);
                File.Move(part, file.FullName, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(exception.Message, exception);
        }
    }
}
