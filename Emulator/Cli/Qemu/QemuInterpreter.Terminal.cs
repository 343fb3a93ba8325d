using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <content>Where the console goes.</content>
internal sealed partial class QemuInterpreter
{
    private bool _hasSerial;

    /// <summary>Console and monitor share the terminal; an explicit -serial counts more, wherever it stands.</summary>
    public void Nographic()
    {
        if (!_hasSerial)
        {
            Update(o => o with { Serial = SerialOptions.Stdio });
        }
    }

    public void Display(string text)
    {
        if (text.Split(',')[0] is not ("none" or "curses"))
        {
            Builder.Notice($"-display: there is no display; {OptionValues.Quote(text)} is ignored");
        }
    }

    public void OnlyNone(string option, string text)
    {
        if (text != "none")
        {
            Builder.Notice($"{option}: {OptionValues.Quote(text)} is ignored; this machine has none");
        }
    }

    public void Serial(string text)
    {
        const string Option = "-serial";
        var serial = text switch
        {
            "stdio" or "chardev:stdio" => new SerialOptions(SerialKind.Stdio),
            "mon:stdio" => SerialOptions.Stdio,
            "none" or "null" => SerialOptions.Null,
            _ when text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5 =>
                new SerialOptions(SerialKind.File, text[5..]),
            _ => throw new UsageException($"{Option}: {OptionValues.Quote(text)} is not supported; "
                + "use stdio, mon:stdio, none, null or file:PATH"),
        };
        if (!_hasSerial)
        {
            _hasSerial = true;
            Update(o => o with { Serial = serial });
        }
        else if (serial.Kind != SerialKind.Null)
        {
            // QEMU's second -serial is a second port, not another choice for the first.
            throw new UsageException($"{Option}: the board has one serial port; give -serial once");
        }
    }

    public void Monitor(string text)
    {
        var place = OptionValues.Monitor("-monitor", text);
        Update(o => o with { Monitor = place });
    }
}
