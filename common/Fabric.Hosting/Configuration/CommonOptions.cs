using System.Net;
using Fabric.Hosting.Logging;
using Fabric.Runtime;

namespace Fabric.Hosting.Configuration;

/// <summary>The keys that mean the same in the options files of all programs.</summary>
public static class CommonOptions
{
    private const string PemFileExpected = "the absolute path of a PEM file";

    /// <summary>node: required.</summary>
    public static string NodeName(this OptionsFile file) =>
        file.Required<string>("node", OptionValues.NodeName, OptionValues.NodeNameExpected);

    /// <summary>run-dir: the folder of the sockets, unless said /run/fabric/NODE.</summary>
    public static string RunDirectory(this OptionsFile file, string node) =>
        file.Optional<string>("run-dir", OptionValues.RunDirectory, OptionValues.RunDirectoryExpected, $"/run/fabric/{node}");

    /// <summary>state-dir: the folder of what outlives a restart, unless said /var/lib/fabric/NODE.</summary>
    public static string StateDirectory(this OptionsFile file, string node) =>
        file.Optional<string>("state-dir", OptionValues.AbsolutePath, OptionValues.AbsolutePathExpected, $"/var/lib/fabric/{node}");

    /// <summary>A TCP address to serve at, unless said a port of 127.0.0.1; null where the file switches it off.</summary>
    public static IPEndPoint? ServedAt(this OptionsFile file, string key, int defaultPort) =>
        file.Nullable(key, OptionValues.EndPoint!, OptionValues.EndPointExpected, new IPEndPoint(IPAddress.Loopback, defaultPort));

    /// <summary>api-names: the names of the server, unless said localhost alone; api-connections: at each address, unless said 512.</summary>
    public static HttpAccess HttpAccess(this OptionsFile file) =>
        new()
        {
            Names = file.List<string>("api-names", OptionValues.HostName, OptionValues.HostNameExpected),
            MaxConnections = file.Optional<int>(
                "api-connections",
                OptionValues.Connections,
                OptionValues.ConnectionsExpected,
                Hosting.HttpAccess.DefaultMaxConnections
            ),
        };

    /// <summary>log-format: text unless said.</summary>
    public static LogFormat LogFormat(this OptionsFile file) =>
        file.Optional<LogFormat>("log-format", OptionValues.LogFormat, "text or json", Logging.LogFormat.Text);

    /// <summary>tls: a mapping of three files, all required; null where the key is absent.</summary>
    public static TlsCredentials? Tls(this OptionsFile file) =>
        file.Section("tls") is { } tls
            ? new TlsCredentials(PemFile(tls, "certificate"), PemFile(tls, "key"), PemFile(tls, "authority"))
            : null;

    private static string PemFile(OptionsFile tls, string key) => tls.Required<string>(key, OptionValues.AbsolutePath, PemFileExpected);
}
