namespace Fabric.Analytics;

/// <summary>
/// What rows of fabric.routes say of a set of path attributes, shared by the rows of all routes that have it. Words are not made where the row is,
/// but when the first of these rows is written, and once.
/// </summary>
public abstract class RouteAttributes
{
    private RouteEvent? _words;

    /// <summary>A row that has nothing else.</summary>
    internal RouteEvent Words
    {
        get
        {
            if (_words is null)
            {
                var words = new RouteEvent();
                Describe(words);
                _words = words;
            }

            return _words;
        }
    }

    /// <summary>
    /// Fills in what is of the attributes: next hop, origin, AS path, preference, MED, route targets, communities, encapsulations. From any thread,
    /// and each time the same.
    /// </summary>
    protected internal abstract void Describe(RouteEvent row);
}
