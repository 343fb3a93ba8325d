using System.Reflection;
using System.Text;
using CommandLine;

namespace RiscvXv6.Emulator.Cli.Verbs;

/// <summary>Help for people, made from the verbs' attributes.</summary>
internal static class VerbHelp
{
    public const string Short = """
        usage: riscvxv6 run KERNEL [--disk IMAGE] [--harts N] …    boot a kernel
               riscvxv6 -machine virt -kernel KERNEL …             the same with QEMU's options
        More: riscvxv6 help, riscvxv6 help run, riscvxv6 -help

        """;

    public const string Overview = """
        RiscvXv6, a RISC-V machine that boots xv6.

        usage: riscvxv6 run KERNEL [options]    boot a kernel
               riscvxv6 replay RECORD           run again what run --record kept
               riscvxv6 disasm FILE|WORD…       print instructions
               riscvxv6 fs COMMAND IMAGE …      make, read, change and check xv6's disk images
               riscvxv6 test SCRIPT…            run scripts that test guests
               riscvxv6 net serve               serve UDP and TCP for guests to talk to
               riscvxv6 version                 print the version
               riscvxv6 help [COMMAND]          print help
               riscvxv6 -machine virt …         as qemu-system-riscv64 (riscvxv6 -help)

        examples:
            riscvxv6 run kernel/kernel --disk fs.img --harts 3
            riscvxv6 run kernel/kernel --disk fs.img,snapshot --legacy-virtio
            riscvxv6 run Image --bios default --initrd initrd.gz --append "console=ttyS0" --memory 1G
            make QEMU=riscvxv6 qemu             in an xv6 tree
            riscvxv6 run kernel/kernel --disk fs.img --net user,hostfwd=tcp::5555-:5556
            riscvxv6 disasm 00a50533
            riscvxv6 fs build fs.img folder
            riscvxv6 test xv6-guest-image/tests/boot.yaml

        In the terminal: Ctrl-A h for help, Ctrl-A x to end the machine.
        RISCVXV6_ARGS in the environment goes before the options.

        """;

    private const int HelpColumn = 28;

    public static string Of<T>()
    {
        var verb = typeof(T).GetCustomAttribute<VerbAttribute>()!;
        var properties = typeof(T).GetProperties();
        var text = new StringBuilder($"riscvxv6 {verb.Name}");
        foreach (var property in properties)
        {
            if (property.GetCustomAttribute<ValueAttribute>() is { Hidden: false } value)
            {
                text.Append(' ').Append(value.MetaName);
            }
        }

        text.Append(" [options]\n    ").Append(verb.HelpText).Append("\n\n");
        foreach (var property in properties)
        {
            if (property.GetCustomAttribute<ValueAttribute>() is { Hidden: false } value)
            {
                AppendLine(text, value.MetaName, value.HelpText);
            }
            else if (property.GetCustomAttribute<OptionAttribute>() is { } option)
            {
                string shortName = option.ShortName.Length > 0 ? $"-{option.ShortName}, " : "";
                AppendLine(text, $"{shortName}--{option.LongName} {option.MetaValue}".TrimEnd(), option.HelpText);
            }
        }

        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, string head, string help)
    {
        text.Append("  ").Append(head);
        if (head.Length + 2 >= HelpColumn)
        {
            text.Append('\n').Append(' ', HelpColumn);
        }
        else
        {
            text.Append(' ', HelpColumn - 2 - head.Length);
        }

        text.Append(help).Append('\n');
    }
}
