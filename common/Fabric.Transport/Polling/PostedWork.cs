namespace Fabric.Transport.Polling;

/// <summary>A post with its argument. Posting a static method and an object allocates nothing; a value type is boxed.</summary>
internal readonly struct PostedWork
{
    private static readonly Action<Delegate, object?> s_runAlone = static (work, _) => ((Action)work)();

    private readonly Delegate _work;
    private readonly object? _argument;
    private readonly Action<Delegate, object?> _run;

    private PostedWork(Delegate work, object? argument, Action<Delegate, object?> run)
    {
        _work = work;
        _argument = argument;
        _run = run;
    }

    public static PostedWork Of<T>(Action<T> work, T argument) => new(work, argument, Runner<T>.Run);

    public static PostedWork Of(Action work) => new(work, null, s_runAlone);

    public void Run() => _run(_work, _argument);

    private static class Runner<T>
    {
        public static readonly Action<Delegate, object?> Run = static (work, argument) => ((Action<T>)work)((T)argument!);
    }
}
