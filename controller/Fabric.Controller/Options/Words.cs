namespace Fabric.Controller.Options;

/// <summary>The words that a key takes, and what they stand for.</summary>
internal sealed class Words<T>(params (string Word, T Value)[] words)
    where T : struct
{
    public string Expected => "one of " + string.Join(", ", words.Select(word => word.Word));

    public bool TryParse(string text, out T value)
    {
        foreach (var (word, meaning) in words)
        {
            if (word == text)
            {
                value = meaning;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>As a value that may be absent.</summary>
    public bool TryParse(string text, out T? value)
    {
        var isWord = TryParse(text, out T meaning);
        value = isWord ? meaning : null;
        return isWord;
    }
}
