namespace Fabric.Cli.Support;

/// <summary>Which keys of YAML, JSON and plain text hold what must not leave the machine.</summary>
internal static class SecretNames
{
    /// <summary>Parts of a name, in small letters and without '-', '_' and '.'.</summary>
    public static readonly IReadOnlyList<string> Words =
    [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credential",
        "md5",
        "apikey",
        "authkey",
        "privatekey",
        "sharedkey",
        "authorization",
        "cookie",
    ];

    /// <summary>
    /// A name that ends in "key" counts too, unless its value is the path of a file: the path of a TLS key is no secret, and who helps
    /// wants to see it.
    /// </summary>
    public static bool IsSecret(string name, string? value = null)
    {
        var word = name.Replace("-", "").Replace("_", "").Replace(".", "").ToLowerInvariant();
        return Words.Any(word.Contains) || (word.EndsWith("key", StringComparison.Ordinal) && !(value ?? "").StartsWith('/'));
    }
}
