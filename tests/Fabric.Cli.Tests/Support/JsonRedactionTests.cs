using System.Text;
using System.Text.Json;
using Fabric.Cli.Support;

namespace Fabric.Cli.Tests.Support;

public sealed class JsonRedactionTests
{
    private const string Document =
        """{"a": [1, 2.50, true, null, "x"], "tls": {"key": "planted", "password": {"value": "planted"}}, "token": ["planted"], "last": {}}""";

    [Test]
    public void Only_secrets_differ_from_the_document()
    {
        var copy = JsonRedaction.Copy(Encoding.UTF8.GetBytes(Document), isWhole: true, new Redactor());

        var expected =
            """{"a": [1, 2.50, true, null, "x"], "tls": {"key": "[redacted]", "password": "[redacted]"}, "token": "[redacted]", "last": {}}""";
        Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(copy).RootElement, JsonDocument.Parse(expected).RootElement));
    }

    [Test]
    public void Broken_off_at_any_octet_it_is_still_a_document_without_secrets()
    {
        var whole = Encoding.UTF8.GetBytes(Document);
        for (var length = 0; length < whole.Length; length++)
        {
            var copy = JsonRedaction.Copy(whole.AsSpan(0, length), isWhole: false, new Redactor());

            Assert.That(() => JsonDocument.Parse(copy), Throws.Nothing, $"{length} octets: {Encoding.UTF8.GetString(copy)}");
            Assert.That(Encoding.UTF8.GetString(copy), Does.Not.Contain("planted"));
        }
    }
}
