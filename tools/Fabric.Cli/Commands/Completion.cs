using System.CommandLine;

namespace Fabric.Cli.Commands;

/// <summary>Shell completion: the shell asks this program itself through its [suggest] directive.</summary>
internal static class Completion
{
    private const string Bash = """
        # source <(fabric completion bash)
        _fabric() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(fabric "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _fabric fabric
        """;

    private const string Zsh = """
        # source <(fabric completion zsh)
        _fabric() {
            local -a words
            words=("${(@f)$(fabric "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a words
        }
        compdef _fabric fabric
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        return CliContext.Action(
            new Command("completion", "Print a shell's completion script.") { shell },
            context =>
            {
                context.Print(context.Parsed.GetValue(shell) == "bash" ? Bash : Zsh);
                return Task.CompletedTask;
            }
        );
    }
}
