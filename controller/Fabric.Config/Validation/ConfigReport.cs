using Fabric.Model.Config;

namespace Fabric.Config.Validation;

/// <summary>
/// Collects the errors of a draft. An error of an object that the request holds has the path of that object; an error of one that
/// it leaves alone has the path of the edit that caused it. Of one that is wrong throughout the first errors are kept.
/// </summary>
internal sealed class ConfigReport(ConfigDraft draft)
{
    private readonly List<ConfigError> _errors = [];
    private readonly HashSet<ConfigError> _known = [];

    public IReadOnlyList<ConfigError> Errors => _errors;

    /// <param name="member">The path inside the object, such as ".addresses[0]".</param>
    /// <param name="cause">The other object that makes it wrong, where there is one.</param>
    public void Add(ConfigObject owner, string member, string message, string nextStep, ConfigKey? cause = null)
    {
        var own = draft.EditOf(owner.Key);
        if (own is not null)
        {
            AddOnce(new ConfigError(own.Path + member, message, nextStep));
            return;
        }

        var path = cause is { } key && draft.EditOf(key) is { } edit ? edit.Path : "$";
        AddOnce(new ConfigError(path, $"{owner.Key}: {message}", nextStep));
    }

    /// <summary>Reports a reference that leads nowhere: unknown, or deleted by this request while in use.</summary>
    public bool CheckReference(ConfigObject owner, string member, ConfigKey target)
    {
        if (draft.Objects.ContainsKey(target))
        {
            return true;
        }

        if (draft.EditOf(target) is { Value: null } deletion && draft.EditOf(owner.Key) is null)
        {
            AddOnce(
                new ConfigError(
                    deletion.Path,
                    $"{target} is in use by {owner.Key}.",
                    $"Delete or change {owner.Key} first, or in the same request."
                )
            );
        }
        else
        {
            var word = target.Kind.Word();
            Add(
                owner,
                member,
                $"There is no {word} '{target.Name}' in project '{target.Project}'.",
                $"Create the {word} first, or in the same request."
            );
        }

        return false;
    }

    private void AddOnce(ConfigError error)
    {
        if (_errors.Count < ConfigError.MaxTold && _known.Add(error))
        {
            _errors.Add(error);
        }
    }
}
