using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fabric.Cli.Support;

/// <summary>Writes a YAML file anew without its secrets; its comments, which nothing can judge, go too.</summary>
internal static class YamlRedaction
{
    // Aliases may make a small file large, and endless.
    private const int MaxNodes = 100_000;
    private const int MaxDepth = 64;

    /// <param name="yaml">The file.</param>
    /// <param name="redactor">Learns the secrets that are found.</param>
    /// <exception cref="YamlException">The text is no YAML, or too much of it.</exception>
    public static string Copy(string yaml, Redactor redactor)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));

        // All secrets are learnt first: one may stand in another place before its own.
        _ = stream.Documents.Select(document => new Walk(redactor).Copy(document.RootNode, 0)).ToList();
        var copy = new YamlStream(stream.Documents.Select(document => new YamlDocument(new Walk(redactor).Copy(document.RootNode, 0))));
        using var text = new StringWriter();
        copy.Save(text, assignAnchors: false);
        return text.ToString();
    }

    private sealed class Walk(Redactor redactor)
    {
        private int _nodes;

        public YamlNode Copy(YamlNode node, int depth)
        {
            if (++_nodes > MaxNodes || depth > MaxDepth)
            {
                throw new YamlException("more nodes than an options file has");
            }

            return node switch
            {
                YamlMappingNode mapping => new YamlMappingNode(mapping.Children.Select(pair => CopyPair(pair.Key, pair.Value, depth + 1))),
                YamlSequenceNode sequence => new YamlSequenceNode(sequence.Children.Select(child => Copy(child, depth + 1))),
                _ => new YamlScalarNode(redactor.Text(((YamlScalarNode)node).Value ?? "")) { Style = ((YamlScalarNode)node).Style },
            };
        }

        private KeyValuePair<YamlNode, YamlNode> CopyPair(YamlNode key, YamlNode value, int depth)
        {
            if (!SecretNames.IsSecret((key as YamlScalarNode)?.Value ?? "", (value as YamlScalarNode)?.Value))
            {
                return new(Copy(key, depth), Copy(value, depth));
            }

            Learn(value, depth);
            return new(Copy(key, depth), new YamlScalarNode(Redactor.Mark));
        }

        private void Learn(YamlNode node, int depth)
        {
            if (++_nodes > MaxNodes || depth > MaxDepth)
            {
                throw new YamlException("more nodes than an options file has");
            }

            switch (node)
            {
                case YamlScalarNode { Value: { } secret }:
                    redactor.Learn(secret);
                    break;
                case YamlSequenceNode sequence:
                    sequence.Children.ToList().ForEach(child => Learn(child, depth + 1));
                    break;
                case YamlMappingNode mapping:
                    mapping.Children.Values.ToList().ForEach(child => Learn(child, depth + 1));
                    break;
            }
        }
    }
}
