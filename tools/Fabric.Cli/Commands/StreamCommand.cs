using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Fabric.Analytics;

namespace Fabric.Cli.Commands;

/// <summary>stream: what happened, and what happens, from the journals of the programs.</summary>
internal static class StreamCommand
{
    private const string Oldest = "oldest";
    private const string Latest = "latest";

    private static readonly Argument<string> s_topic = TopicArgument();
    private static readonly Option<string?> s_from = FromOption();

    private static readonly Option<bool> s_follow = new("--follow", "-f")
    {
        Description = "Go on with the rows to come, until interrupted.",
    };

    public static Command Create() =>
        CliContext.Action(
            new Command("stream", "Print what happened, row by row, from the journals; --json prints the rows as they come, one a line.")
            {
                s_topic,
                s_from,
                s_follow,
                StreamTopicsCommand.Create(),
            },
            ReadAsync
        );

    private static async Task ReadAsync(CliContext context)
    {
        var topic = Topic.Find(context.Parsed.GetValue(s_topic)!)!;
        var isFollowing = context.Parsed.GetValue(s_follow);
        var from = context.Parsed.GetValue(s_from) ?? (isFollowing ? Latest : Oldest);
        var reading = new StreamReading(context, topic, from);
        await (isFollowing ? reading.FollowAsync() : reading.ListAsync());
    }

    private static Argument<string> TopicArgument()
    {
        var argument = new Argument<string>("topic") { Description = "What to read; fabric stream topics tells them." };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Topic.Find(token.Value) is null)
            {
                result.AddError($"there is no topic '{token.Value}'; known are {string.Join(", ", Names())}");
            }
        });
        argument.CompletionSources.Add(_ => Names().Select(name => new CompletionItem(name)));
        return argument;
    }

    private static IEnumerable<string> Names() => Topic.All.Select(topic => topic.ShortName);

    private static Option<string?> FromOption()
    {
        var option = new Option<string?>("--from")
        {
            Description =
                "The first row: its sequence at its program, oldest or latest; latest when following, otherwise oldest, when absent.",
            HelpName = "sequence|oldest|latest",
        };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: not (Oldest or Latest) and var text }]
                && !ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            )
            {
                result.AddError($"'{text}' is not a sequence, oldest or latest");
            }
        });
        option.CompletionSources.Add(Oldest, Latest);
        return option;
    }
}
