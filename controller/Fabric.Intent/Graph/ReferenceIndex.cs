using Fabric.Model.Config;

namespace Fabric.Intent.Graph;

/// <summary>Who refers to a thing. Adding and removing are symmetrical: an object takes back just what it gave.</summary>
internal sealed class ReferenceIndex<TTarget>
    where TTarget : notnull
{
    private readonly Dictionary<TTarget, SortedSet<ConfigKey>> _referrers = [];

    public IReadOnlyCollection<ConfigKey> this[TTarget target] => _referrers.TryGetValue(target, out var referrers) ? referrers : [];

    public void Update(ConfigKey referrer, IEnumerable<TTarget> before, IEnumerable<TTarget> after)
    {
        foreach (var target in before)
        {
            if (_referrers.TryGetValue(target, out var referrers) && referrers.Remove(referrer) && referrers.Count == 0)
            {
                _referrers.Remove(target);
            }
        }

        foreach (var target in after)
        {
            if (!_referrers.TryGetValue(target, out var referrers))
            {
                _referrers[target] = referrers = [];
            }

            referrers.Add(referrer);
        }
    }
}
