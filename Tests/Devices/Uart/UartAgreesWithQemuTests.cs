using System.Globalization;
using NUnit.Framework;

namespace RiscvXv6.Tests.Devices.Uart;

/// <summary>
/// Accesses and what they returned on qemu-system-riscv64 7.2.22 (<c>-M virt -bios none</c>), where a bare-metal program made them:
/// <c>r=vv</c> stores vv to register r, <c>r?vv</c> loads vv from it.
/// </summary>
public sealed class UartAgreesWithQemuTests
{
    private const int Msr = 6;

    [TestCase("3=80 0?0c 1?00 3=03 3?03 4?08 6?b0", TestName = "Reset_values_are_QEMU_s")]
    [TestCase("4=1b 6?b0 6?b0 4=19 6?a0 4=14 6?40 4=10 6?00 4=08 6?b0 6?b0", TestName = "Modem_loopback_is_QEMU_s")]
    [TestCase("1=02 2?02 2?01 0=2e 2?02 2?01 1=00 1=02 2?02 1=00 2?01", TestName = "Transmitter_empty_is_QEMU_s")]
    [TestCase(
        "2=01 2?c1 4=10 1=05 0=41 0=42 0=43 0=44 0=45 0=46 0=47 0=48 0=49 0=4a 0=4b 0=4c 0=4d 0=4e 0=4f 0=50 0=51 "
        + "2?c6 5?63 5?61 2?c4 0?41 0?42 0?43 0?44 0?45 0?46 0?47 0?48 0?49 0?4a 0?4b 0?4c 0?4d 0?4e 0?4f 0?50 0?00 5?60 2?c1 "
        + "2=00 2?01 0=41 0=42 5?63 0?42 5?60 6?00 1=0f 2?02 2?01 2?01",
        TestName = "Loopback_through_and_over_the_FIFO_is_QEMU_s")]
    [TestCase("1=0f 1=ff 1?0f 4=ff 4?1f 3=ff 3?ff 3=03 7=a5 7?a5 2=ff 2?c2 2=fe 2?02", TestName = "Write_masks_are_QEMU_s")]
    public void The_same_accesses_return_the_same(string accesses)
    {
        var uart = new UartDriver();
        foreach (string access in accesses.Split(' '))
        {
            ulong register = (ulong)(access[0] - '0');
            byte value = byte.Parse(access.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (access[1] == '=')
            {
                uart.Write(register, value);
            }
            else
            {
                // QEMU shows no changes of the modem lines in loopback; the data sheet does, and so do we.
                byte seen = register == Msr ? (byte)(uart.Read(register) & 0xf0) : uart.Read(register);
                Assert.That(seen, Is.EqualTo(value), access);
            }
        }
    }
}
