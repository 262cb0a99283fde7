using System.Runtime.InteropServices;
using System.Text;

namespace Fabric.Broker;

/// <summary>
/// A Kafka cluster in memory, on ports of 127.0.0.1 that the kernel chooses. It keeps some 5 MB a partition and knows no compaction, no CreateTopics, no
/// TLS. Topics that nobody created come into being with four partitions.
/// </summary>
public sealed class MockCluster : IDisposable
{
    private const short ProduceApi = 0;
    private const int ErrorTextLength = 512;

    private readonly nint _client;
    private readonly nint _cluster;
    private readonly int _brokers;

    /// <exception cref="InvalidOperationException">It cannot be started.</exception>
    /// <exception cref="DllNotFoundException">librdkafka1 is not installed.</exception>
    public MockCluster(int brokers = 1)
    {
        Span<byte> error = stackalloc byte[ErrorTextLength];
        _brokers = brokers;
        _client = Librdkafka.NewClient(Librdkafka.Producer, Librdkafka.NewConfiguration(), error, (nuint)error.Length);
        _cluster = _client == 0 ? 0 : Librdkafka.NewCluster(_client, brokers);
        if (_cluster == 0)
        {
            throw new InvalidOperationException($"no cluster: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        }

        Bootstraps = Marshal.PtrToStringUTF8(Librdkafka.Bootstraps(_cluster))!;
    }

    /// <summary>HOST:PORT of its brokers, separated by commas.</summary>
    public string Bootstraps { get; }

    public void CreateTopic(string name, int partitions)
    {
        if (Librdkafka.CreateTopic(_cluster, name, partitions, 1) is not 0 and var code)
        {
            throw new InvalidOperationException($"topic {name} cannot be created: error {code}");
        }
    }

    /// <summary>Connections are cut, and new ones refused.</summary>
    public void SetDown() => ForEach(broker => Librdkafka.SetDown(_cluster, broker));

    public void SetUp() => ForEach(broker => Librdkafka.SetUp(_cluster, broker));

    /// <summary>Every answer takes so long.</summary>
    public void SetRoundTrip(int milliseconds) => ForEach(broker => Librdkafka.SetRoundTrip(_cluster, broker, milliseconds));

    /// <summary>The next requests to produce are answered with an error of the protocol's table of codes.</summary>
    public void FailProduce(int count, int code)
    {
        var errors = new int[count];
        Array.Fill(errors, code);
        Librdkafka.PushErrors(_cluster, ProduceApi, (nuint)count, errors);
    }

    public void Dispose()
    {
        Librdkafka.DestroyCluster(_cluster);
        Librdkafka.DestroyClient(_client);
    }

    private void ForEach(Func<int, int> change)
    {
        for (var broker = 1; broker <= _brokers; broker++)
        {
            if (change(broker) is not 0 and var code)
            {
                throw new InvalidOperationException($"broker {broker}: error {code}");
            }
        }
    }
}
