using System.Diagnostics;
using NUnit.Framework;

namespace RiscvXv6.Tests.Cli;

/// <summary>Nothing that the guest printed is lost at the end, however slowly it is read; but a signal does not wait for ever.</summary>
internal sealed class SlowReaderTests
{
    private const int OutputBytes = 1 << 20;

    [Test]
    public void A_slow_reader_gets_all_that_a_guest_printed_before_it_powered_off()
    {
        using var program = Start(PrintingGuest.PrintThenStop(OutputBytes, 0x5555), out string kernel);
        var output = program.StandardOutput.BaseStream;
        byte[] buffer = new byte[20_000];
        int length, total = 0;
        bool isRight = true;
        while ((length = output.Read(buffer)) > 0)
        {
            for (int i = 0; i < length; i++)
            {
                isRight &= buffer[i] == PrintingGuest.Letters[total++ % 32];
            }

            // The slow reader itself: it takes much longer than the guest.
            Thread.Sleep(10);
        }

        Assert.That(program.WaitForExit(TimeSpan.FromSeconds(30)), Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(program.ExitCode, Is.Zero);
            Assert.That(total, Is.EqualTo(OutputBytes));
            Assert.That(isRight, Is.True, "bytes were lost or mixed up");
        });
        File.Delete(kernel);
    }

    [Test]
    [Platform("Linux", Reason = "kill, and /proc")]
    public void A_signal_ends_a_machine_whose_output_nobody_takes()
    {
        using var program = Start(PrintingGuest.PrintThenStop(ulong.MaxValue, 0), out string kernel);
        Assert.That(program.StandardOutput.Read(), Is.EqualTo('@'));
        WaitUntilStuck(program);
        var watch = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]))
        {
            kill.WaitForExit();
        }

        Assert.That(program.WaitForExit(TimeSpan.FromSeconds(10)), Is.True);
        TestContext.Out.WriteLine($"ended {watch.ElapsedMilliseconds} ms after the signal");
        Assert.That(program.ExitCode, Is.Zero);
        File.Delete(kernel);
    }

    /// <summary>The pipe is full once the machine, which has much more to say, has written nothing for a while.</summary>
    private static void WaitUntilStuck(Process program)
    {
        string before = "";
        for (string now = Written(); now != before; now = Written())
        {
            before = now;
            Thread.Sleep(200);
        }

        string Written() => File.ReadLines($"/proc/{program.Id}/io").First(static line => line.StartsWith("wchar", StringComparison.Ordinal));
    }

    private static Process Start(byte[] image, out string kernel)
    {
        kernel = Path.GetTempFileName();
        File.WriteAllBytes(kernel, image);
        return Process.Start(new ProcessStartInfo(
            "dotnet", [BuiltProgram.Assembly, "-bios", "none", "-nographic", "-kernel", kernel])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}
