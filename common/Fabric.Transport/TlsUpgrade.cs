using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>
/// Mutual TLS 1.2 or 1.3 with one private authority: a peer is whoever that authority signed, under the names in its
/// certificate. Binding those names to the protocol's own name is the session's business.
/// </summary>
internal static class TlsUpgrade
{
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(15);

    /// <exception cref="AuthenticationException">The peer's certificate is missing or not of our authority.</exception>
    /// <exception cref="IOException">A credential file cannot be read; the message names it.</exception>
    public static async Task<(Stream Stream, IReadOnlyList<string> PeerNames)> AuthenticateAsync(
        Stream inner,
        TlsCredentials credentials,
        TlsRole role
    )
    {
        var own = LoadOwn(credentials);
        var authority = LoadAuthority(credentials.AuthorityFile);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);

        string? refusal = null;
        bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            // The names are compared with the protocol's own name, not with a host name that was dialled.
            var remaining = errors & ~SslPolicyErrors.RemoteCertificateNameMismatch;
            refusal = remaining == SslPolicyErrors.None ? null : Explain(remaining, chain);
            return refusal is null;
        }

        var stream = new SslStream(inner, leaveInnerStreamOpen: true);
        using var timeout = new CancellationTokenSource(s_handshakeTimeout);
        try
        {
            if (role == TlsRole.Server)
            {
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = own,
                        ClientCertificateRequired = true,
                        CertificateChainPolicy = policy,
                        RemoteCertificateValidationCallback = Validate,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    },
                    timeout.Token
                );
            }
            else
            {
                await stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = "",
                        ClientCertificates = [own],
                        CertificateChainPolicy = policy,
                        RemoteCertificateValidationCallback = Validate,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    },
                    timeout.Token
                );
            }
        }
        catch (AuthenticationException exception) when (refusal is not null)
        {
            throw new AuthenticationException($"TLS: the peer's certificate was refused: {refusal}.", exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new IOException($"TLS: no handshake within {s_handshakeTimeout.TotalSeconds:0} s.", exception);
        }

        return (stream, NamesOf((X509Certificate2)stream.RemoteCertificate!));
    }

    private static X509Certificate2 LoadOwn(TlsCredentials credentials)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(credentials.CertificateFile, credentials.KeyFile);
            // SslStream wants a key that is not ephemeral on some platforms; a PKCS #12 round trip gives one.
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception exception)
        {
            throw new IOException(
                $"TLS: cannot read the certificate {credentials.CertificateFile} with the key {credentials.KeyFile}: {exception.Message}",
                exception
            );
        }
    }

    private static X509Certificate2 LoadAuthority(string file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception exception)
        {
            throw new IOException($"TLS: cannot read the authority {file}: {exception.Message}", exception);
        }
    }

    private static string Explain(SslPolicyErrors errors, X509Chain? chain) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)
            ? "it sent none"
            : string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.TrimEnd('.', ' ')) ?? [errors.ToString()]);

    private static List<string> NamesOf(X509Certificate2 certificate)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        if (alternatives.Count == 0)
        {
            return [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
        }

        // A name that is spelt like an address is none (RFC 9525 section 6.4).
        var names = alternatives.SelectMany(names => names.EnumerateDnsNames()).Where(name => !IPAddress.TryParse(name, out _));
        return [.. names, .. alternatives.SelectMany(names => names.EnumerateIPAddresses()).Select(address => address.ToString())];
    }
}
