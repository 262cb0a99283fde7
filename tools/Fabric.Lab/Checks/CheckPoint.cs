namespace Fabric.Lab.Checks;

/// <summary>One thing that a lab proves. It leaves the lab as it found it.</summary>
internal abstract class CheckPoint(int number, string title)
{
    public int Number => number;

    public string Title => title;

    /// <summary>Returns the figures worth showing.</summary>
    /// <exception cref="LabException">It does not hold; the message is the cause and where to look.</exception>
    public abstract Task<string> RunAsync(CheckContext context);

    protected static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new LabException(otherwise);
        }
    }
}
