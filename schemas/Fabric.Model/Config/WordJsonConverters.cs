using System.Text.Json;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>A choice as a word.</summary>
internal abstract class WordJsonConverter<T>(string what, params (string Word, T Value)[] words) : TextJsonConverter<T>(what, words[0].Word)
    where T : struct
{
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Word);

    protected override bool TryParse(string? text, out T value)
    {
        var place = Array.FindIndex(words, word => word.Word == text);
        value = place < 0 ? default : words[place].Value;
        return place >= 0;
    }
}

internal sealed class BgpRoleJsonConverter()
    : WordJsonConverter<BgpRole>(
        "a role",
        ("provider", BgpRole.Provider),
        ("route-server", BgpRole.RouteServer),
        ("route-server-client", BgpRole.RouteServerClient),
        ("customer", BgpRole.Customer),
        ("peer", BgpRole.Peer)
    );

internal sealed class NextHopRuleJsonConverter()
    : WordJsonConverter<NextHopRule>(
        "default, self or unchanged,",
        ("default", NextHopRule.Default),
        ("self", NextHopRule.Self),
        ("unchanged", NextHopRule.Unchanged)
    );

internal sealed class PrivateAsRemovalJsonConverter()
    : WordJsonConverter<PrivateAsRemoval>(
        "keep, remove or replace,",
        ("keep", PrivateAsRemoval.None),
        ("remove", PrivateAsRemoval.Remove),
        ("replace", PrivateAsRemoval.Replace)
    );

internal sealed class TunnelEncapsulationRuleJsonConverter()
    : WordJsonConverter<TunnelEncapsulationRule>(
        "default, keep or remove,",
        ("default", TunnelEncapsulationRule.Default),
        ("keep", TunnelEncapsulationRule.Keep),
        ("remove", TunnelEncapsulationRule.Remove)
    );

internal sealed class CommunityKindsJsonConverter()
    : WordJsonConverter<CommunityKinds>(
        "a kind of communities",
        ("standard", CommunityKinds.Standard),
        ("extended", CommunityKinds.Extended),
        ("large", CommunityKinds.Large)
    );

internal sealed class SecretJsonConverter() : TextJsonConverter<Secret>("a text", "correct horse")
{
    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    protected override bool TryParse(string? text, out Secret value)
    {
        value = new Secret(text ?? "");
        return text is not null;
    }
}
