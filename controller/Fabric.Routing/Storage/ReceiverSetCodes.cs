namespace Fabric.Routing;

/// <summary>At most 256 sets of receivers, each with a number. The empty set is 0.</summary>
internal sealed class ReceiverSetCodes
{
    public const int Max = 256;

    private readonly ulong[] _sets = new ulong[Max];
    private readonly Dictionary<ulong, byte> _codes = new() { [0] = 0 };
    private (ulong Receivers, byte Code) _latest;

    public ulong this[byte code] => _sets[code];

    /// <summary>The number of a set, which it gets here if it has none. False where all are taken.</summary>
    public bool TryGet(ulong receivers, out byte code)
    {
        // Routes in a row go to the same receivers.
        code = _latest.Code;
        return _latest.Receivers == receivers || TryFindOrAdd(receivers, out code);
    }

    private bool TryFindOrAdd(ulong receivers, out byte code)
    {
        if (!_codes.TryGetValue(receivers, out code))
        {
            if (_codes.Count == Max)
            {
                return false;
            }

            code = (byte)_codes.Count;
            _codes.Add(receivers, code);
            _sets[code] = receivers;
        }

        _latest = (receivers, code);
        return true;
    }
}
