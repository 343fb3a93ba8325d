using System.Collections.Immutable;
using System.Text;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Emulator.Scripts;

/// <content>What each kind of step does.</content>
internal sealed partial class ScriptRunner
{
    private void WaitFor(ScriptPattern pattern)
    {
        _ = RequireMachine();
        _console.WaitFor(pattern);
        RunUntil(() => _console.FoundAt >= 0, $"{pattern} was not printed");
        _console.StopWaiting();
    }

    private void WaitForPrompt(ScriptPattern prompt)
    {
        _console.WaitForPrompt(prompt);
        RunUntil(() => _console.FoundAt >= 0, $"the prompt {prompt} did not come");
        _console.StopWaiting();
    }

    private void Type(ImmutableArray<byte> bytes)
    {
        var machine = RequireMachine();
        machine.PostConsoleInput(bytes.AsSpan());
        bool isLine = bytes is [.., (byte)'\n'] && bytes.AsSpan().IndexOfAnyInRange((byte)0, (byte)9) < 0;
        _console.Typed(isLine ? Encoding.Latin1.GetString(bytes.AsSpan()) : "");
    }

    private void RunCommand(ScriptStep.Run run)
    {
        _ = RequireMachine();
        if (_console.IsCommandPending || !IsAtPrompt(run.Prompt))
        {
            WaitForPrompt(run.Prompt);
        }

        Type(run.Bytes);
        WaitForPrompt(run.Prompt);
        _promptEnd = _console.Seen;
        var output = _console.Text[_console.CommandStart.._console.FoundAt];
        foreach (var pattern in run.Expected)
        {
            Expect(pattern, output);
        }

        foreach (var pattern in run.Rejected)
        {
            if (pattern.TryFind(output, 0, out _, out _))
            {
                throw new StepFailedException(ScriptFailureKind.Rejected, $"the command's output has {pattern}");
            }
        }
    }

    /// <summary>The last thing that was waited for was the prompt.</summary>
    private bool IsAtPrompt(ScriptPattern prompt) =>
        _console.Seen == _promptEnd || !prompt.IsRegex && _console.Text[.._console.Seen].EndsWith(prompt.Text);

    private static void Expect(ScriptPattern pattern, ReadOnlySpan<char> output)
    {
        if (!pattern.TryFind(output, 0, out _, out _))
        {
            string what = output.IsEmpty ? "nothing" : $"'{ScriptText.Show(output.ToString())}'";
            throw new StepFailedException(ScriptFailureKind.NotExpected, $"expected {pattern}; the last command printed {what}");
        }
    }

    private void SendDatagram(ScriptStep.NetSend send)
    {
        _ = RequireMachine();
        if (!Doors.Any(door => door.TrySend(send.Port, [.. send.Bytes])))
        {
            throw new StepFailedException(
                ScriptFailureKind.Impossible,
                $"no closed network forwards udp port {send.Port}; write net: user,hostfwd=udp::{send.Port}-:PORT");
        }

        _console.Remark($"{send.Title}");
    }

    private void AwaitAnswer(ScriptPattern pattern)
    {
        var machine = RequireMachine();
        foreach (var door in Doors)
        {
            door.Answered = () => machine.RequestStop(StopReason.Limit);
        }

        RunUntil(IsAnswered, () => Answers().Length > _answersSeen
            ? $"{pattern} was not answered, but '{ScriptText.Show(Answers()[_answersSeen..])}'"
            : $"{pattern} was not answered");

        string Answers() => string.Concat(Doors.Select(static door => door.Answers));

        bool IsAnswered()
        {
            if (!pattern.TryFind(Answers(), _answersSeen, out int index, out int length))
            {
                return false;
            }

            _answersSeen = index + length;
            return true;
        }
    }

    private void CutPower(ScriptStep.PowerCut cut)
    {
        var machine = RequireMachine();
        string what = "";
        if (cut.AtWrite is { } write)
        {
            int before = _power.Writes;
            _power.CutAfter(write, cut.IsTorn);
            RunUntil(() => !_power.IsOn, () => $"the disks were written {_power.Writes - before} times only");
            what = $"at write {write}{(cut.IsTorn ? " and a half" : "")}";
        }
        else if (cut.AtOutput is { } output)
        {
            WaitFor(output);
            what = $"at {output}";
        }
        else
        {
            ulong until = machine.Clock.NowCycles + CyclesOf(cut.AtNanoseconds ?? 0);
            RunUntil(() => _machine!.Clock.NowCycles >= until, "", until);
            what = $"after {ScriptLimit.Describe(cut.AtNanoseconds ?? 0)}";
        }

        _power.SwitchOff();
        SwitchOff();
        _console.Remark($"power cut {what}");
    }

    private void Check(ScriptStep.CheckDisk check)
    {
        if (_disks[check.Disk].Contents() is not { } bytes)
        {
            throw new StepFailedException(ScriptFailureKind.Disk, "the host can't read the disk's image");
        }

        var report = FsChecker.Check(bytes);
        var bad = report.Findings.Where(finding => finding.Severity == FsSeverity.Error
            || check.IsClean && finding.Severity == FsSeverity.State).ToArray();
        if (report.Errors > 0 || bad.Length > 0)
        {
            string more = bad.Length > 1 ? $" (and {bad.Length - 1 + report.Omitted} more)" : "";
            throw new StepFailedException(
                ScriptFailureKind.Disk, $"disk {check.Disk}: {bad.FirstOrDefault()?.Message ?? "is damaged"}{more}");
        }
    }

    private void AwaitExit(int code)
    {
        _ = RequireMachine();
        RunUntil(() => _exit is not null, "the guest did not end");
        int actual = _exit!.Code;
        if (_exit.Kind == MachineExitKind.MachineError)
        {
            throw new StepFailedException(ScriptFailureKind.Machine, _exit.Message ?? "the machine can't go on");
        }

        if (actual != code)
        {
            throw new StepFailedException(ScriptFailureKind.Ended, $"the guest ended with code {actual}, not {code}");
        }

        SwitchOff();
        _console.Remark($"the guest ended with code {actual}");
    }
}
