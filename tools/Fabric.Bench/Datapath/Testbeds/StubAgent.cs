using System.Buffers.Binary;
using System.Net.Sockets;
using Fabric.Model.Datapath;
using Google.Protobuf;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>Stands for the agent of one host: tells the data plane its tables, once, and stays connected (schemas/datapath/tables.proto).</summary>
internal sealed class StubAgent : IDisposable
{
    private const int LengthOctets = 4;
    private const int AnswerMilliseconds = 30_000;

    private readonly Socket _socket;

    private StubAgent(Socket socket) => _socket = socket;

    /// <summary>Null while nobody listens at that path.</summary>
    public static StubAgent? TryConnect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = AnswerMilliseconds };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new StubAgent(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <exception cref="BenchException">The data plane did not take every entry.</exception>
    public void Tell(IEnumerable<Batch> batches)
    {
        foreach (var batch in batches)
        {
            var envelope = new Envelope { Batch = batch }.ToByteArray();
            var frame = new byte[LengthOctets + envelope.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame, envelope.Length);
            envelope.CopyTo(frame, LengthOctets);
            try
            {
                _socket.Send(frame);
                var length = BinaryPrimitives.ReadInt32BigEndian(Receive(LengthOctets));
                var answer = Envelope.Parser.ParseFrom(Receive(length)).Applied;
                if (answer is not { Error: "" })
                {
                    throw new BenchException($"fabric-dp did not take its tables: {answer?.Error}");
                }
            }
            catch (SocketException exception)
            {
                throw new BenchException($"fabric-dp does not answer its agent: {exception.Message}", exception);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte[] Receive(int length)
    {
        var bytes = new byte[length];
        for (var count = 0; count < length; )
        {
            var more = _socket.Receive(bytes, count, length - count, SocketFlags.None);
            count += more > 0 ? more : throw new BenchException("fabric-dp closed its agent's connection");
        }

        return bytes;
    }
}
