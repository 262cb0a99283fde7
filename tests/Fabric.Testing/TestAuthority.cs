using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fabric.Runtime;

namespace Fabric.Testing;

/// <summary>A private certificate authority in a folder of its own.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-tls-");
    private readonly X509Certificate2 _certificate;
    private readonly string _file;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _file = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(_file, _certificate.ExportCertificatePem());
    }

    /// <summary>A certificate for the name and the addresses, with its key.</summary>
    public TlsCredentials Issue(string name, params IEnumerable<string> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        foreach (var address in addresses)
        {
            names.AddIpAddress(IPAddress.Parse(address));
        }

        return Sign(name, names.Build());
    }

    /// <summary>A certificate with nothing but a common name.</summary>
    public TlsCredentials IssueCommonName(string name) => Sign(name, null);

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private TlsCredentials Sign(string name, X509Extension? alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives);
        }

        using var certificate = request.Create(
            _certificate,
            DateTimeOffset.UtcNow.AddHours(-1),
            DateTimeOffset.UtcNow.AddHours(1),
            RandomNumberGenerator.GetBytes(8)
        );
        var certificateFile = Path.Combine(_folder.FullName, name + ".pem");
        var keyFile = Path.Combine(_folder.FullName, name + ".key");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return new TlsCredentials(certificateFile, keyFile, _file);
    }
}
