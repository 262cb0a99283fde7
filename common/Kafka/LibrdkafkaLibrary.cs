using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Fabric.Kafka;

/// <summary>The distribution's librdkafka for Confluent.Kafka. Compiled into each program that uses it (Kafka.props).</summary>
internal static class LibrdkafkaLibrary
{
    private static readonly Lazy<bool> IsLoaded = new(Load);

    /// <exception cref="DllNotFoundException">librdkafka is not installed.</exception>
    public static void Require() => _ = IsLoaded.Value;

    // Its own search asks for libdl, which glibc no longer ships under that name, and for librdkafka beside the program.
    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(ProducerConfig).Assembly,
            static (string name, Assembly _, DllImportSearchPath? _) =>
                name.Contains("rdkafka", StringComparison.Ordinal) ? NativeLibrary.Load("librdkafka.so.1")
                : name.Contains("libdl", StringComparison.Ordinal) ? NativeLibrary.Load("libdl.so.2")
                : 0
        );
        return Library.Load(null);
    }
}
