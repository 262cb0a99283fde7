using Microsoft.Extensions.Logging;

namespace Fabric.Streaming.Kafka;

/// <summary>The producer's own thread: whatever librdkafka does to it, the thread that writes the journal goes on.</summary>
internal sealed partial class KafkaThread : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly KafkaProducer _producer;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stopping = new();

    public KafkaThread(KafkaProducer producer, ILogger logger)
    {
        _producer = producer;
        _logger = logger;
        _thread = new Thread(Run) { Name = "kafka", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread.Join();
        _producer.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        while (!_stopping.IsSet)
        {
            try
            {
                _producer.Turn();
            }
            catch (Exception exception)
            {
                LogFault(exception);
                _stopping.Wait(Patience);
            }
        }

        _producer.Finish(Patience);
    }

    [LoggerMessage(1615, LogLevel.Critical, "kafka: a fault of this program itself; rows wait in the journal.")]
    private partial void LogFault(Exception exception);
}
