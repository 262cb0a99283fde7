using Fabric.Runtime;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>Asks a loop from outside: the question runs on the loop, the answer comes as a task.</summary>
public static class LoopQuery
{
    public static Task<T> Ask<T>(this IEventLoop loop, Func<T> question)
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
}
