using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Fabric.Kafka;
using Topic = Fabric.Analytics.Topic;

namespace Fabric.Cli.Commands;

/// <summary>Creates the stream's topics at a Kafka cluster, as schemas/analytics/topics.json defines them, with the cluster's number of replicas.</summary>
internal sealed class TopicCreation(CliContext context, string servers)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    // What librdkafka says of its connections: why there was no answer.
    private string? _trouble;

    /// <exception cref="CliException">Nothing was created; the message has the reason.</exception>
    public async Task RunAsync(IEnumerable<KeyValuePair<string, string>> settings)
    {
        using var client = Connect(settings);
        var options = new CreateTopicsOptions { RequestTimeout = s_patience, OperationTimeout = s_patience };
        try
        {
            await client.CreateTopicsAsync(Topic.All.Select(Specification), options).WaitAsync(context.Cancellation);
            Report(Topic.All.Select(topic => (topic.Name, new Error(ErrorCode.NoError))));
        }
        catch (CreateTopicsException exception)
        {
            Report(exception.Results.Select(result => (result.Topic, result.Error)));
        }
        catch (KafkaException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>Topic by topic; what could not be created is an error.</summary>
    private void Report(IEnumerable<(string Topic, Error Error)> results)
    {
        foreach (var (topic, error) in results)
        {
            switch (error.Code)
            {
                case ErrorCode.NoError:
                    context.Print($"{topic} created");
                    break;
                case ErrorCode.TopicAlreadyExists:
                    context.Print($"{topic} is there already and left as it is");
                    break;
                default:
                    context.Warn(new CliException($"{topic} was not created: {error.Reason}", "the broker's log may say more"));
                    break;
            }
        }
    }

    private static TopicSpecification Specification(Topic topic) =>
        new()
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            Configs = topic.Config.ToDictionary(),
        };

    private IAdminClient Connect(IEnumerable<KeyValuePair<string, string>> settings)
    {
        try
        {
            LibrdkafkaLibrary.Require();
            return new AdminClientBuilder([KeyValuePair.Create("bootstrap.servers", servers), .. settings])
                .SetErrorHandler((_, error) => _trouble = error.Reason)
                .SetLogHandler((_, _) => { })
                .Build();
        }
        catch (DllNotFoundException exception)
        {
            throw new CliException($"librdkafka cannot be loaded: {exception.Message}", "install the package librdkafka1");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or KafkaException)
        {
            throw new CliException($"a setting is wrong: {exception.Message}", "--set takes librdkafka's names and values");
        }
    }

    private CliException Failed(KafkaException exception) =>
        _trouble is { } trouble
            ? new CliException(
                $"no topic was created: {trouble}",
                $"see whether a broker listens at {servers}, and whether it wants TLS (--set security.protocol=SSL)"
            )
            : new CliException(
                $"{servers} created no topic: {exception.Error.Reason}",
                "fabric-broker makes its topics at its start (--topics); of another cluster see whether its controller is well"
            );
}
