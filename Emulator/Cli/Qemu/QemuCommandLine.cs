using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>QEMU's front door: reads its options in order, so that of two equal ones the later counts.</summary>
internal static class QemuCommandLine
{
    /// <exception cref="UsageException">One line for the user.</exception>
    public static Request Parse(IReadOnlyList<string> arguments, HostFacts host)
    {
        var interpreter = new QemuInterpreter(new MachineOptionsBuilder(host));
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            var option = Find(argument);
            string value = "";
            if (option.Argument is not null)
            {
                if (++i == arguments.Count)
                {
                    throw new UsageException($"-{option.Name}: needs an argument: -{option.Name} {option.Argument}");
                }

                value = arguments[i];
            }

            option.Apply(interpreter, value);
            if (interpreter.Text is { } text)
            {
                return new Request.Print(text);
            }
        }

        return interpreter.Finish();
    }

    private static QemuOption Find(string argument)
    {
        if (argument.Length < 2 || argument[0] != '-' || argument == "--")
        {
            throw new UsageException($"{OptionValues.Quote(argument)} is not an option; options start with -, "
                + "a disk is -drive file=…, and a kernel alone runs with: riscvxv6 run KERNEL");
        }

        string name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument[1..];
        foreach (var row in QemuOptionTable.Rows)
        {
            if (row.Name == name)
            {
                return row;
            }
        }

        throw new UsageException($"{OptionValues.Quote(argument)}: no such option"
            + (NearestName.Find(name, QemuOptionTable.Rows.Select(row => row.Name)) is { } near
                ? $"; did you mean -{near}?"
                : "; -help lists them"));
    }
}
