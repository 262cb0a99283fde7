namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Makes a classic BPF program (Documentation/networking/filter.rst): puts instructions in a row, with jumps forward to labels. A is the accumulator, X
/// the index; cells are those of its scratch memory.
/// </summary>
internal sealed class FilterBuilder
{
    private const ushort LoadConstant = 0x00;
    private const ushort LoadMemory = 0x60;
    private const ushort StoreMemory = 0x02;
    private const ushort LoadWord = 0x20;
    private const ushort LoadByteAbsolute = 0x30;
    private const ushort LoadWordIndirect = 0x40;
    private const ushort LoadHalfIndirect = 0x48;
    private const ushort LoadByteIndirect = 0x50;
    private const ushort LoadHeaderLength = 0xB1;
    private const ushort AddConstant = 0x04;
    private const ushort AddIndex = 0x0C;
    private const ushort MultiplyConstant = 0x24;
    private const ushort AndConstant = 0x54;
    private const ushort ShiftLeftConstant = 0x64;
    private const ushort ShiftRightConstant = 0x74;
    private const ushort XorConstant = 0xA4;
    private const ushort XorIndex = 0xAC;
    private const ushort JumpAlways = 0x05;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfBits = 0x45;
    private const ushort ReturnConstant = 0x06;
    private const ushort ReturnAccumulator = 0x16;
    private const ushort AccumulatorToIndex = 0x07;
    private const ushort IndexToAccumulator = 0x87;
    private const uint ProtocolOfPacket = 0xFFFF_F000;

    private readonly List<SocketFilter.Instruction> _instructions = [];
    private readonly List<(int At, string Label, bool WhenTrue)> _jumps = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);

    public FilterBuilder LoadProtocol() => Add(LoadWord, ProtocolOfPacket);

    public FilterBuilder LoadByte(uint at) => Add(LoadByteAbsolute, at);

    public FilterBuilder LoadByteAtX(uint at) => Add(LoadByteIndirect, at);

    public FilterBuilder LoadHalfAtX(uint at) => Add(LoadHalfIndirect, at);

    public FilterBuilder LoadWordAtX(uint at) => Add(LoadWordIndirect, at);

    public FilterBuilder HeaderLengthToX() => Add(LoadHeaderLength, 0);

    public FilterBuilder Constant(uint value) => Add(LoadConstant, value);

    public FilterBuilder Load(uint cell) => Add(LoadMemory, cell);

    public FilterBuilder Store(uint cell) => Add(StoreMemory, cell);

    public FilterBuilder Add(uint value) => Add(AddConstant, value);

    public FilterBuilder AddX() => Add(AddIndex, 0);

    public FilterBuilder Multiply(uint value) => Add(MultiplyConstant, value);

    public FilterBuilder And(uint value) => Add(AndConstant, value);

    public FilterBuilder Xor(uint value) => Add(XorConstant, value);

    public FilterBuilder XorX() => Add(XorIndex, 0);

    public FilterBuilder ShiftLeft(uint bits) => Add(ShiftLeftConstant, bits);

    public FilterBuilder ShiftRight(uint bits) => Add(ShiftRightConstant, bits);

    public FilterBuilder ToX() => Add(AccumulatorToIndex, 0);

    public FilterBuilder FromX() => Add(IndexToAccumulator, 0);

    public FilterBuilder Return(uint value) => Add(ReturnConstant, value);

    public FilterBuilder ReturnA() => Add(ReturnAccumulator, 0);

    public FilterBuilder If(uint value, string label) => Jump(JumpIfEqual, value, label, whenTrue: true);

    public FilterBuilder Unless(uint value, string label) => Jump(JumpIfEqual, value, label, whenTrue: false);

    public FilterBuilder IfBits(uint bits, string label) => Jump(JumpIfBits, bits, label, whenTrue: true);

    public FilterBuilder UnlessBits(uint bits, string label) => Jump(JumpIfBits, bits, label, whenTrue: false);

    public FilterBuilder Go(string label) => Jump(JumpAlways, 0, label, whenTrue: true);

    public FilterBuilder Label(string label)
    {
        _labels.Add(label, _instructions.Count);
        return this;
    }

    public SocketFilter.Instruction[] Build()
    {
        foreach (var (at, label, whenTrue) in _jumps)
        {
            var distance = checked((byte)(_labels[label] - at - 1));
            var jump = _instructions[at];
            _instructions[at] =
                jump.Code == JumpAlways ? jump with { Operand = distance }
                : whenTrue ? jump with { IfTrue = distance }
                : jump with { IfFalse = distance };
        }

        return [.. _instructions];
    }

    private FilterBuilder Jump(ushort code, uint value, string label, bool whenTrue)
    {
        _jumps.Add((_instructions.Count, label, whenTrue));
        return Add(code, value);
    }

    private FilterBuilder Add(ushort code, uint operand)
    {
        _instructions.Add(new SocketFilter.Instruction(code, 0, 0, operand));
        return this;
    }
}
