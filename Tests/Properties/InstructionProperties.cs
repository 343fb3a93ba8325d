using FsCheck.NUnit;
using RiscvXv6.Emulator.Cpu.Isa;

namespace RiscvXv6.Tests.Properties;

/// <summary>What holds of any 32 bits at all.</summary>
internal sealed class InstructionProperties
{
    [Property(MaxTest = 5000)]
    public bool Any_word_decodes_to_two_or_four_bytes_as_its_low_bits_say(uint word) =>
        Decoder.Decode(word).LengthBytes == ((word & 3) == 3 ? 4 : 2);

    [Property(MaxTest = 5000)]
    public bool Register_numbers_are_always_in_range(uint word)
    {
        var instruction = Decoder.Decode(word);
        return instruction.Rd < 32 && instruction.Rs1 < 32 && instruction.Rs2 < 32 && instruction.Rs3 < 32;
    }

    [Property(MaxTest = 5000)]
    public bool A_compressed_parcel_means_the_same_whatever_lies_behind_it(ushort parcel, ushort behind) =>
        (parcel & 3) == 3
        || Equals(Decoder.Decode(parcel), Decoder.Decode((uint)behind << 16 | parcel));

    [Property(MaxTest = 5000)]
    public bool Any_word_is_disassembled_to_one_line(uint word) =>
        Disassembler.Format(word, 0x8000_0000) is { Length: > 0 } text && !text.Contains('\n');
}
