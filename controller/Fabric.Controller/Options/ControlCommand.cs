namespace Fabric.Controller.Options;

/// <summary>The command line of fabric-control.</summary>
/// <param name="ConfigFile">The options file.</param>
/// <param name="ChecksOnly">Only says whether the file has faults.</param>
public sealed record ControlCommand(string ConfigFile, bool ChecksOnly)
{
    public const string Usage = "usage: fabric-control [--check] --config FILE";

    /// <summary>Null where the arguments are no command.</summary>
    public static ControlCommand? Parse(IReadOnlyList<string> arguments) =>
        arguments switch
        {
            ["--config", var file] => new(file, ChecksOnly: false),
            ["--check", "--config", var file] => new(file, ChecksOnly: true),
            ["--config", var file, "--check"] => new(file, ChecksOnly: true),
            _ => null,
        };
}
