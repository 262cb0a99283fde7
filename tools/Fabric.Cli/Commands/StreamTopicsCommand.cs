using System.CommandLine;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>stream topics: what there is to read, what a broker keeps of it, and its creation there.</summary>
internal static class StreamTopicsCommand
{
    private static readonly Option<bool> s_create = new("--create")
    {
        Description = "Create the topics at a Kafka cluster; those that are there already are left as they are.",
    };

    private static readonly Option<string[]> s_servers = new("--servers")
    {
        Description = "With --create: the cluster's bootstrap servers.",
        HelpName = "host:port",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string[]> s_settings = SettingsOption();

    public static Command Create()
    {
        var command = new Command("topics", "List the topics: partitions and retention at a broker, and what each carries.")
        {
            s_create,
            s_servers,
            s_settings,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(s_create) != result.GetValue(s_servers) is { Length: > 0 })
            {
                result.AddError("--create and --servers HOST:PORT belong together");
            }
        });
        return CliContext.Action(command, context => context.Parsed.GetValue(s_create) ? CreateAsync(context) : ListAsync(context));
    }

    private static Task ListAsync(CliContext context)
    {
        context.Print(context.Json ? TopicTable.ForPrograms().Indented() : TopicTable.ForPeople());
        return Task.CompletedTask;
    }

    private static Task CreateAsync(CliContext context)
    {
        var settings = (context.Parsed.GetValue(s_settings) ?? []).Select(text => text.Split('=', 2));
        return new TopicCreation(context, string.Join(',', context.Parsed.GetValue(s_servers)!)).RunAsync(
            settings.Select(pair => KeyValuePair.Create(pair[0], pair[1]))
        );
    }

    private static Option<string[]> SettingsOption()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "With --create: a setting of librdkafka, such as security.protocol=SSL; the option may be repeated.",
            HelpName = "name=value",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"'{token.Value}' is not NAME=VALUE");
            }
        });
        return option;
    }
}
