using NUnit.Framework;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Tests.Devices.Registers;

public sealed class RegisterAccessAllocationTests
{
    private static IEnumerable<TestCaseData> Devices() =>
        MappedDeviceCase.All.Select(subject => new TestCaseData(subject) { TestName = $"Accesses_allocate_nothing({subject})" });

    [TestCaseSource(nameof(Devices))]
    public void Accesses_allocate_nothing(object subject)
    {
        var device = ((MappedDeviceCase)subject).Create();
        var rows = ((MappedDeviceCase)subject).Table.Rows.Select(row => (row.Offset, row.WidthBytes)).ToArray();
        Touch(device, rows);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Touch(device, rows);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void Touch(IMmioDevice device, (ulong Offset, int WidthBytes)[] rows)
    {
        foreach (var (offset, widthBytes) in rows)
        {
            for (ulong value = 0; value < 8; value++)
            {
                device.Write(offset, widthBytes, value);
                device.Read(offset, widthBytes, out _);
                device.Peek(offset, widthBytes, out _);
            }
        }
    }
}
