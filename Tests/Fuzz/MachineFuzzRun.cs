using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Devices.Memory;
using RiscvXv6.Emulator.Cpu;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// Runs a case to its cycle limit and holds the machine to its promises: nothing throws, the machine never calls itself broken,
/// the clock reaches the limit and not much more, ROM stays as it was, and the harts' states stay legal.
/// </summary>
internal sealed class MachineFuzzRun(MachineFuzzCase subject, MachineFuzzCoverage coverage) : IConsoleSink, IWallClock
{
    /// <summary>The limit may be overrun by one instruction and its stall.</summary>
    private const ulong MostOverrunCycles = 100;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    long IWallClock.ElapsedNanoseconds => 0;

    /// <summary>Everything that the run left behind, as one hash.</summary>
    /// <exception cref="FuzzFailureException">A promise is broken.</exception>
    public string Execute(ulong limitCycles)
    {
        try
        {
            using var machine = new VirtMachine(subject.Assemble(out var disks), this, this);
            foreach (var hart in machine.Harts)
            {
                hart.Observer = coverage;
            }

            if (subject.ExtraDevice is { } device)
            {
                machine.Bus.Map(new AddressRange(MachineFuzzProgram.VacantAddress, 0x1000), device, AccessCost.OnChip);
            }

            RunInStretches(machine, limitCycles);
            Check(machine);
            HashMachine(machine, disks);
        }
        catch (Exception e) when (e is not FuzzFailureException)
        {
            throw Failure($"it threw {e}", e);
        }

        return Convert.ToHexString(_hash.GetHashAndReset());
    }

    void IConsoleSink.Write(byte value)
    {
        _hash.AppendData([value]);
        coverage.ConsoleBytes++;
    }

    void IConsoleSink.Flush()
    {
    }

    /// <summary>The host types between two stretches. A guest that ends the run just goes on.</summary>
    private void RunInStretches(VirtMachine machine, ulong limitCycles)
    {
        int stretches = subject.Inputs.Count;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            machine.PostConsoleInput(subject.Inputs[stretch]);
            machine.PostConsoleBreak();
            ulong end = limitCycles * (ulong)(stretch + 1) / (ulong)stretches;
            MachineExit exit;
            do
            {
                ulong before = machine.Clock.NowCycles;
                exit = machine.Run(end);
                Require(exit.Kind != MachineExitKind.MachineError, $"the machine called itself broken: {exit.Message}");
                Require(exit.Kind == MachineExitKind.StopRequested || machine.Clock.NowCycles > before, "the clock stands");
                coverage.Exits += exit.Kind == MachineExitKind.StopRequested ? 0 : 1;
                _hash.AppendData(MemoryMarshal.AsBytes<int>([(int)exit.Kind, exit.Code]));
            }
            while (exit.Reason != StopReason.Limit && machine.Clock.NowCycles < end);

            Require(machine.Clock.NowCycles >= end, $"it stopped early: {exit}");
            Require(machine.Clock.NowCycles <= end + MostOverrunCycles, $"it ran on to {machine.Clock.NowCycles} after {end}");
        }
    }

    private unsafe void Check(VirtMachine machine)
    {
        byte[] rom = new byte[MemoryMap.BootRom.SizeBytes];
        machine.Bus.FindMemory(MemoryMap.BootRom.Base)!.TryRead(MemoryMap.BootRom.Base, rom);
        Require(subject.Rom.SequenceEqual(rom), "ROM changed");
        foreach (var hart in machine.Harts)
        {
            var state = hart.State;
            Require(state->X[0] == 0, $"hart {hart.HartId}: x0 is {state->X[0]:x}");
            Require((state->Pc & 1) == 0, $"hart {hart.HartId}: pc {state->Pc:x} is odd");
            Require(state->Privilege is PrivilegeMode.User or PrivilegeMode.Supervisor or PrivilegeMode.Machine, "no such mode");
            Require(state->HartId == (ulong)hart.HartId, "mhartid changed");
            Require(state->RunCycles >= state->StallCycles, "more stalls than cycles");
        }

        Require(machine.RetiredInstructions <= machine.Clock.NowCycles, "more instructions than cycles");
        coverage.Retired += machine.RetiredInstructions;
    }

    private unsafe void HashMachine(VirtMachine machine, IReadOnlyList<byte[]> disks)
    {
        _hash.AppendData(MemoryMarshal.AsBytes<ulong>([machine.Clock.NowCycles, machine.RetiredInstructions]));
        foreach (var hart in machine.Harts)
        {
            // SAFETY: the state is unmanaged, of this size, and lives as long as the machine.
            _hash.AppendData(new ReadOnlySpan<byte>(hart.State, sizeof(HartState)));
        }

        byte[] page = new byte[GuestMemory.PageSizeBytes];
        var ram = machine.Bus.FindMemory(MemoryMap.Ram.Base)!;
        for (ulong offset = 0; offset < MachineFuzzCase.MemoryBytes; offset += (ulong)page.Length)
        {
            ram.TryRead(MemoryMap.Ram.Base + offset, page);
            _hash.AppendData(page);
        }

        var untouched = subject.Assemble(out var originals);
        for (int disk = 0; disk < disks.Count; disk++)
        {
            _hash.AppendData(disks[disk]);
            coverage.DisksChanged += disks[disk].AsSpan().SequenceEqual(originals[disk]) ? 0 : 1;
        }

        Require(untouched.HartCount == machine.Harts.Count, "the case changed");
    }

    private void Require(bool holds, string complaint)
    {
        if (!holds)
        {
            throw Failure(complaint, null);
        }
    }

    private FuzzFailureException Failure(string complaint, Exception? cause) =>
        new($"{subject}: {complaint}\nagain with RISCVXV6_SEED={subject.Seed}", cause);
}
