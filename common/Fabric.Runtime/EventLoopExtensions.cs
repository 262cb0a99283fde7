namespace Fabric.Runtime;

/// <summary>What a thread outside of a loop has it do, and awaits. What fails on the loop fails for the asker, not for the loop.</summary>
public static class EventLoopExtensions
{
    /// <summary>Runs the question on the loop; its answer, or its exception, comes as a task that continues off the loop.</summary>
    public static Task<T> AskAsync<T>(this IEventLoop loop, Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            static asked =>
            {
                try
                {
                    asked.Answer.SetResult(asked.Question());
                }
                catch (Exception exception)
                {
                    asked.Answer.SetException(exception);
                }
            },
            (Question: question, Answer: answer)
        );
        return answer.Task;
    }

    /// <summary>Runs work on the loop; the task ends when it is done.</summary>
    public static Task RunAsync(this IEventLoop loop, Action work) =>
        loop.AskAsync(() =>
        {
            work();
            return true;
        });
}
