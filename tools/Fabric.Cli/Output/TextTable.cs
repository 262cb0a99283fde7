using System.Text;

namespace Fabric.Cli.Output;

/// <summary>Rows under headings, columns as wide as their widest cell; numbers to the right.</summary>
public sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public TextTable Row(params ReadOnlySpan<object?> cells)
    {
        var row = new string[headings.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = i < cells.Length ? cells[i]?.ToString() ?? "-" : "-";
        }

        _rows.Add(row);
        return this;
    }

    public override string ToString()
    {
        var widths = new int[headings.Length];
        foreach (var row in _rows.Prepend(headings))
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        var text = new StringBuilder();
        Append(text, headings, widths);
        foreach (var row in _rows)
        {
            Append(text, row, widths);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var cell = row[i];
            line.Append(IsNumber(cell) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i])).Append("  ");
        }

        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && cell.All(char.IsAsciiDigit);
}
