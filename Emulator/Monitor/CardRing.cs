using System.Buffers.Binary;
using RiscvXv6.Devices.E1000;

namespace RiscvXv6.Emulator.Monitor;

/// <summary>A ring of descriptors in the guest's memory, drawn line by line.</summary>
internal sealed class CardRing
{
    private const int DescriptorBytes = TransmitDescriptor.SizeBytes;

    /// <summary>A longer ring is drawn from a little before its head on.</summary>
    private const uint MostDrawn = 32;

    private const uint BeforeHead = 4;

    private readonly string _name;
    private readonly ulong _base;
    private readonly uint _count;
    private readonly uint _head;
    private readonly uint _tail;
    private readonly string _idle;
    private readonly string _columns;
    private readonly Func<ulong, ulong, string> _describe;

    private CardRing(
        E1000 card,
        string name,
        E1000Register firstRegister,
        E1000Register head,
        string idle,
        string columns,
        Func<ulong, ulong, string> describe)
    {
        _name = name;
        ulong low = CardRegisters.Read(card, firstRegister);
        ulong high = CardRegisters.Read(card, firstRegister + 1);
        _base = high << 32 | low;
        _count = CardRegisters.Read(card, firstRegister + 2) / DescriptorBytes;
        _head = CardRegisters.Read(card, head);
        _tail = CardRegisters.Read(card, head + 1);
        _idle = idle;
        _columns = columns;
        _describe = describe;
    }

    /// <summary>SDM "Transmit Descriptor Ring Structure".</summary>
    public static CardRing Transmit(E1000 card) => new(
        card,
        "transmit",
        E1000Register.Tdbal,
        E1000Register.Tdh,
        "the card has sent everything",
        "  length  command, status",
        static (low, high) => DescriptorText.Transmit(new TransmitDescriptor(low, high)));

    /// <summary>SDM "Receive Descriptor Queue Structure".</summary>
    public static CardRing Receive(E1000 card) => new(
        card,
        "receive",
        E1000Register.Rdbal,
        E1000Register.Rdh,
        "the card has no buffer for a frame",
        "  length  status, errors",
        static (low, high) => DescriptorText.Receive(new ReceiveDescriptor(low, high)));

    public void Write(MonitorRequest request, bool all)
    {
        var output = request.Output;
        if (_count == 0)
        {
            output.WriteLine($"{_name} ring: none yet");
            return;
        }

        output.WriteLine($"{_name} ring: {_count} descriptors at 0x{_base:x}, head {_head}, tail {_tail}");
        output.WriteLine($" {Summary()}");
        output.WriteLine($"    #              owner   {"buffer",-18}{_columns}");
        Span<byte> bytes = stackalloc byte[DescriptorBytes];
        uint shown = all ? _count : Math.Min(_count, MostDrawn);
        uint first = _count <= MostDrawn || all || _head >= _count ? 0 : (_head + _count - BeforeHead) % _count;
        for (uint done = 0; done < shown && !request.IsOutputFull; done++)
        {
            uint index = (first + done) % _count;
            string mark = (index == _head ? "head " : "") + (index == _tail ? "tail " : "");
            bool isThere = request.Machine.Debug.ReadPhysical(_base + index * (ulong)DescriptorBytes, bytes) == DescriptorBytes;
            string text = isThere
                ? _describe(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))
                : "not in memory";
            output.WriteLine($"{index,5}  {mark,-10}  {(IsCards(index) ? "card" : "driver"),-6}  {text}".TrimEnd());
            if (!isThere)
            {
                return;
            }
        }

        if (shown < _count)
        {
            output.WriteLine($"  ... {_count - shown} more (info e1000 -a shows all)");
        }
    }

    /// <summary>From the head to the tail, the tail excluded, descriptors are the card's.</summary>
    private bool IsCards(uint index) => IsSound && (index + _count - _head) % _count < Handed;

    private bool IsSound => _head < _count && _tail < _count;

    private uint Handed => (_tail + _count - _head) % _count;

    private string Summary()
    {
        if (!IsSound)
        {
            return $"the {(_head >= _count ? "head" : "tail")} lies outside the ring: the card does nothing";
        }

        return Handed == 0 ? $"head and tail are equal: {_idle}" : $"{Handed} handed to the card, {_count - Handed} the driver's";
    }
}
