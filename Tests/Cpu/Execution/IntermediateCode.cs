using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>Walks the intermediate code of a method (ECMA-335 "CIL instruction set"), instruction by instruction.</summary>
internal static class IntermediateCode
{
    private const byte TwoByteEscape = 0xfe;

    private static readonly Dictionary<ushort, OpCode> CodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (ushort)code.Value);

    /// <summary>The opcodes of a method's body, without operands.</summary>
    /// <exception cref="InvalidDataException">The bytes are no intermediate code.</exception>
    public static IEnumerable<OpCode> Walk(byte[] body)
    {
        for (int at = 0; at < body.Length;)
        {
            ushort value = body[at++];
            if (value == TwoByteEscape)
            {
                value = (ushort)(value << 8 | ByteAt(body, at++));
            }

            if (!CodesByValue.TryGetValue(value, out var code))
            {
                throw new InvalidDataException($"no opcode 0x{value:x} before byte {at}");
            }

            at += OperandBytes(code, body, at);
            if (at > body.Length)
            {
                throw new InvalidDataException($"{code} is cut short");
            }

            yield return code;
        }
    }

    /// <summary>How often a body names a local or an argument: to load it, to store it, or to take its address.</summary>
    public static int CountLocalReferences(byte[] body) => Walk(body).Count(IsLocalReference);

    /// <summary>ldarg, ldloc, stloc, starg, ldarga and ldloca, in their short, long and numbered forms.</summary>
    private static bool IsLocalReference(OpCode code) => (ushort)code.Value is
        (>= 0x02 and <= 0x13) or (>= 0xfe09 and <= 0xfe0e);

    private static int OperandBytes(OpCode code, byte[] body, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * Targets(body, at),
        _ => 4,
    };

    private static int Targets(byte[] body, int at) => at + 4 <= body.Length
        ? BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at))
        : throw new InvalidDataException("a switch is cut short");

    private static byte ByteAt(byte[] body, int at) => at < body.Length
        ? body[at]
        : throw new InvalidDataException("an opcode is cut short");
}
