using System.Text;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <summary>The text of <c>-help</c>. Makefiles grep it: a line starts with each option.</summary>
internal static class QemuHelp
{
    private const int HelpColumn = 24;

    public static string Text()
    {
        var text = new StringBuilder();
        text.Append(VersionText.FirstLine).Append('\n');
        text.Append("""
            usage: riscvxv6 [options]                   as qemu-system-riscv64
               or: riscvxv6 run KERNEL [--disk IMAGE]   for people (riscvxv6 help)

            Options, with one dash or two:

            """);
        foreach (var row in QemuOptionTable.Rows)
        {
            string head = row.Argument is null ? $"-{row.Name}" : $"-{row.Name} {row.Argument}";
            text.Append(head);
            if (head.Length >= HelpColumn)
            {
                text.Append('\n').Append(' ', HelpColumn);
            }
            else
            {
                text.Append(' ', HelpColumn - head.Length);
            }

            text.Append(row.Help).Append('\n');
        }

        text.Append("""

            In the terminal: Ctrl-A h for help, Ctrl-A x to end the machine.
            RISCVXV6_ARGS in the environment goes before the arguments.

            """);
        return text.ToString();
    }
}
