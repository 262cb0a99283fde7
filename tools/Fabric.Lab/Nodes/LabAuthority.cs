using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fabric.Lab.Definition;

namespace Fabric.Lab.Nodes;

/// <summary>
/// The lab's own certificate authority. Each node gets a certificate for both ends of TLS that bears its name (RFC 6125 DNS-ID), to which control nodes bind it.
/// </summary>
internal static class LabAuthority
{
    private static readonly Oid Server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid Client = new("1.3.6.1.5.5.7.3.2");

    public static void Issue(LabPaths paths, IEnumerable<LabNode> nodes)
    {
        // An hour back, so that a clock that is set right later does not refuse them.
        var from = DateTimeOffset.UtcNow.AddHours(-1);
        var until = from.AddYears(1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Fabric lab {paths.Lab}", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = request.CreateSelfSigned(from, until);

        Directory.CreateDirectory(Path.GetDirectoryName(paths.Authority)!);
        File.WriteAllText(paths.Authority, authority.ExportCertificatePem());
        foreach (var node in nodes)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = Sign(node, key, authority, from, until);
            File.WriteAllText(paths.Certificate(node), certificate.ExportCertificatePem());
            WritePrivate(paths.Key(node), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private static X509Certificate2 Sign(LabNode node, ECDsa key, X509Certificate2 authority, DateTimeOffset from, DateTimeOffset until)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(node.Name);
        names.AddIpAddress(node.Address);
        var request = new CertificateRequest($"CN={node.Name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([Server, Client], false));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));
    }

    private static void WritePrivate(string file, string text)
    {
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, text);
    }
}
