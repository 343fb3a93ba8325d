using RiscvXv6.Emulator.Cpu;

namespace RiscvXv6.Emulator.Diagnostics.Stacks;

/// <summary>The registers of one frame, as far as they are known: those of a caller are found one by one.</summary>
internal sealed class RegisterSet
{
    private readonly ulong[] _values = new ulong[32];
    private uint _known = 1;

    public ulong Pc { get; set; }

    /// <summary>The program counter is that of the next instruction, not a return address behind a call.</summary>
    public bool IsExact { get; set; } = true;

    public static unsafe RegisterSet Of(Hart hart)
    {
        var registers = new RegisterSet { Pc = hart.State->Pc };
        for (int number = 1; number < 32; number++)
        {
            registers[number] = hart.State->X[number];
        }

        return registers;
    }

    public ulong this[int number]
    {
        get => _values[number];
        set
        {
            if (number != 0)
            {
                _values[number] = value;
                _known |= 1u << number;
            }
        }
    }

    public bool Knows(int number) => (_known & (1u << number)) != 0;

    public RegisterSet Copy()
    {
        var copy = new RegisterSet { Pc = Pc, IsExact = IsExact, _known = _known };
        _values.CopyTo(copy._values, 0);
        return copy;
    }

    public void Forget(int number) => _known &= ~(1u << number);
}
