using System.Globalization;
using RiscvXv6.Devices.Virtio;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Elf;
using RiscvXv6.Guest.Symbols;

namespace RiscvXv6.Emulator.Diagnostics;

/// <summary>
/// The programs of a guest, for saying where an address lies: kernel and firmware as they were loaded, user programs as they are
/// on the guest's disk. Nothing is read before it is asked for. On the machine's thread.
/// </summary>
internal sealed class GuestPrograms
{
    /// <summary>xv6 maps the page with its trampoline at the end of Sv39's lower half, in every address space.</summary>
    private const ulong TrampolineBase = (1UL << 38) - PageBytes;

    private const ulong PageBytes = 4096;

    private readonly UserPrograms _users;
    private readonly RunningPrograms? _running;

    /// <param name="kernel">The kernel's file; null if there is none that could be read.</param>
    public GuestPrograms(ElfFile? kernel)
        : this(kernel, null, new UserPrograms([], static () => 0))
    {
    }

    /// <param name="machine">Of whose guest they are.</param>
    public GuestPrograms(VirtMachine machine)
        : this(machine.Setup.Kernel, machine.Setup.Firmware, DisksOf(machine))
    {
    }

    private GuestPrograms(ElfFile? kernel, ElfFile? firmware, UserPrograms users)
    {
        Kernel = kernel is null ? null : new ProgramInfo(kernel);
        Firmware = firmware is null ? null : new ProgramInfo(firmware);
        _users = users;
        _running = Kernel is null ? null : new RunningPrograms(Kernel);
    }

    /// <summary>Null if the machine was started without one, or with one that is no ELF file.</summary>
    public ProgramInfo? Kernel { get; }

    /// <summary>Likewise.</summary>
    public ProgramInfo? Firmware { get; }

    /// <summary>The kernel's symbols; null without a kernel.</summary>
    public SymbolTable? KernelSymbols => Kernel?.Symbols;

    /// <summary>A program on the guest's disk; null if there is none of that name.</summary>
    /// <param name="name">"sh", "_sh" or "/bin/sh".</param>
    public ProgramInfo? User(string name) => _users.Find(name);

    /// <summary>The name of the program that a hart runs, by the kernel's own account; null if it can't be told.</summary>
    public string? NameOn(Hart hart) => _running?.NameOn(hart.HartId, hart.Bus);

    /// <summary>An address of code, in the mode in which a hart is now: a number if nothing is known of it.</summary>
    public string Describe(Hart hart, ulong address) => TryDescribe(hart, address, out string text) ? text : Number(address);

    /// <summary>An address of code, in the mode in which a hart is now.</summary>
    /// <returns>False if nothing is known of it.</returns>
    public unsafe bool TryDescribe(Hart hart, ulong address, out string text) => hart.State->Privilege == PrivilegeMode.User
        ? TryDescribeUser(NameOn(hart), address, out text)
        : TryDescribeKernel(address, out text);

    /// <summary>An address in the kernel or, if it lies there, in the firmware; a number if it lies in neither.</summary>
    public string DescribeKernel(ulong address) => TryDescribeKernel(address, out string text) ? text : Number(address);

    /// <summary>
    /// An address in a user program, with the program's name before it: <c>sh: main+0x24 (user/sh.c:150)</c>. What is not known is
    /// left out; a number always remains.
    /// </summary>
    /// <param name="program">Its name; null if it is not known.</param>
    /// <param name="address">As the program sees it.</param>
    public string DescribeUser(string? program, ulong address) =>
        TryDescribeUser(program, address, out string text) ? text : Number(address);

    private bool TryDescribeKernel(ulong address, out string text)
    {
        ulong inFile = InKernelFile(address);
        var known = IsIn(Kernel, inFile) ? Kernel : IsIn(Firmware, inFile) ? Firmware : null;
        text = known?.Describe(inFile) ?? "";
        return known is not null;
    }

    private bool TryDescribeUser(string? program, ulong address, out string text)
    {
        if (address - TrampolineBase < PageBytes)
        {
            return TryDescribeKernel(address, out text);
        }

        text = "";
        if (string.IsNullOrEmpty(program))
        {
            return false;
        }

        string name = string.Concat(program.Select(static letter => char.IsControl(letter) ? '?' : letter));
        text = $"{name}: {User(program)?.Describe(address) ?? Number(address)}";
        return true;
    }

    private static bool IsIn(ProgramInfo? program, ulong address) =>
        program is not null && (program.Symbols.TryFind(address, out _) || program.Lines.TryFind(address, out _));

    /// <summary>Where in the kernel's file the code at an address is: the trampoline runs where it was not linked.</summary>
    private ulong InKernelFile(ulong address) =>
        address - TrampolineBase < PageBytes && Kernel is not null && Kernel.Symbols.TryFindAddress("trampoline", out ulong page)
            ? page + (address - TrampolineBase)
            : address;

    private static UserPrograms DisksOf(VirtMachine machine)
    {
        IBlockBackend[] disks = [.. machine.Setup.Disks.OrderBy(static disk => disk.Key).Select(static disk => disk.Value)];
        return new UserPrograms(disks, () => machine.DiskWrites);
    }

    private static string Number(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
