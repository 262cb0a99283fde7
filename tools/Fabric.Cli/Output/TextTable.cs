using System.Text;

namespace Fabric.Cli.Output;

/// <summary>Rows under headings, columns as wide as their widest cell; a column of numbers stands to the right.</summary>
public sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];
    private readonly List<(int Row, string Text)> _lines = [];

    public int Count => _rows.Count;

    /// <summary>A line over the whole width, behind the last row so far.</summary>
    public void Line(string text) => _lines.Add((_rows.Count, text));

    public TextTable Row(params ReadOnlySpan<object?> cells)
    {
        var row = new string[headings.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = i < cells.Length ? VisibleText.OfLine(cells[i]?.ToString() ?? "-") : "-";
        }

        _rows.Add(row);
        return this;
    }

    public override string ToString()
    {
        var widths = new int[headings.Length];
        var isNumeric = new bool[headings.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = _rows.Prepend(headings).Max(row => row[i].Length);
            isNumeric[i] = _rows.Any(row => IsNumber(row[i])) && _rows.All(row => row[i] is "-" or "" || IsNumber(row[i]));
        }

        var text = new StringBuilder();
        var nextLine = 0;
        foreach (var (index, row) in _rows.Prepend(headings).Index())
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.Length; i++)
            {
                line.Append(isNumeric[i] ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i])).Append("  ");
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
            for (; nextLine < _lines.Count && _lines[nextLine].Row == index; nextLine++)
            {
                text.Append(_lines[nextLine].Text).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(char.IsAsciiDigit);
}
