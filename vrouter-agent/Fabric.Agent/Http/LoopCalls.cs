using Fabric.Runtime;

namespace Fabric.Agent.Http;

/// <summary>Lets a request's thread ask something of the loop and wait for the answer.</summary>
internal static class LoopCalls
{
    public static Task<T> AskAsync<T>(this IEventLoop loop, Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            static call =>
            {
                try
                {
                    call.answer.SetResult(call.question());
                }
                catch (Exception exception)
                {
                    call.answer.SetException(exception);
                }
            },
            (question, answer)
        );
        return answer.Task;
    }
}
