using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>The text of an AS path, as <see cref="AsPath.ToString"/> has it, in memory that is used again.</summary>
internal sealed class AsPathText
{
    /// <summary>Ten digits and a separator.</summary>
    private const int CharsPerNumber = 11;

    private char[] _text = new char[16 * CharsPerNumber];
    private int _length;
    private AsPath? _path;

    public ReadOnlySpan<char> Of(AsPath path)
    {
        if (!ReferenceEquals(_path, path))
        {
            Write(path);
            _path = path;
        }

        return _text.AsSpan(0, _length);
    }

    private void Write(AsPath path)
    {
        _length = 0;
        foreach (var segment in path.Segments)
        {
            var needed = _length + 3 + segment.Numbers.Count * CharsPerNumber;
            if (needed > _text.Length)
            {
                Array.Resize(ref _text, Math.Max(needed, 2 * _text.Length));
            }

            var (begin, separator, end) = segment.Marks;
            if (_length > 0)
            {
                Add(' ');
            }

            Add(begin);
            for (var i = 0; i < segment.Numbers.Count; i++)
            {
                if (i > 0)
                {
                    Add(separator);
                }

                segment.Numbers[i].Value.TryFormat(_text.AsSpan(_length), out var written);
                _length += written;
            }

            Add(end);
        }
    }

    private void Add(char? character)
    {
        if (character is { } one)
        {
            _text[_length++] = one;
        }
    }
}
