using System.Runtime.CompilerServices;
using NUnit.Framework;
using RiscvXv6.Devices.Clint;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Pci;
using RiscvXv6.Devices.Platform;
using RiscvXv6.Devices.Plic;
using RiscvXv6.Devices.Registers;
using RiscvXv6.Devices.Uart;
using RiscvXv6.Devices.Virtio;

namespace RiscvXv6.Tests.Devices.Registers;

/// <summary>
/// docs/devices says what the register tables say. After a change of a table, write the pages anew:
/// <c>RISCVXV6_UPDATE_GOLDENS=1 dotnet test Tests --filter RegisterPageTests</c>, and look at the difference.
/// </summary>
public sealed class RegisterPageTests
{
    /// <summary>Every page: add new devices here.</summary>
    private static readonly RegisterPage[] Pages =
    [
        ClintRegisters.Page,
        E1000Registers.Page,
        FinisherRegisters.Page,
        GoldfishRtcRegisters.Page,
        PciConfigRegisters.Page,
        PlicRegisters.Page,
        UartRegisters.Page,
        VirtioMmioRegisters.Page,
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Pages.Select(page => new TestCaseData(page) { TestName = $"The_page_is_what_the_table_says({page.FileName})" });

    [TestCaseSource(nameof(Cases))]
    public void The_page_is_what_the_table_says(RegisterPage page)
    {
        string path = Path.Combine(Folder(), page.FileName);
        if (Environment.GetEnvironmentVariable("RISCVXV6_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Folder());
            File.WriteAllText(path, page.Render());
        }

        Assert.That(File.Exists(path), Is.True, $"{path} is missing; see this class's summary");
        Assert.That(File.ReadAllText(path), Is.EqualTo(page.Render()), $"{path} is out of date; see this class's summary");
    }

    [Test]
    public void Every_device_with_a_register_table_has_a_page() =>
        Assert.That(
            MappedDeviceCase.All.Select(subject => subject.Table.DeviceName),
            Is.SubsetOf(Pages.Select(page => page.Table.DeviceName)));

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "devices"));
}
