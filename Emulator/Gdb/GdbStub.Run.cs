using RiscvXv6.Emulator.Cpu.Debugging;
using RiscvXv6.Emulator.Machine;

namespace RiscvXv6.Emulator.Gdb;

/// <content>Running, stepping, and saying why the machine stopped.</content>
internal sealed partial class GdbStub
{
    /// <summary>SIGINT, as for Ctrl-C.</summary>
    private const int InterruptSignal = 2;

    /// <summary>SIGTRAP.</summary>
    private const int TrapSignal = 5;

    /// <summary>The client has let the machine run, and its next stop is the reply to that.</summary>
    private bool _stopIsAwaited;

    private int _requestedSignal = InterruptSignal;

    private PacketOutcome Ask(ReplyBuffer reply)
    {
        _stopIsAwaited = false;
        Debug.Halt();
        WriteStop(reply, new DebugStop(DebugStopKind.Stepped, _generalHart));
        return PacketOutcome.Reply;
    }

    /// <summary><c>c</c>, <c>s</c>, and with a signal, which means nothing, <c>C</c> and <c>S</c>; perhaps from another address on.</summary>
    private PacketOutcome Go(ref PacketText text, ReplyBuffer reply, HartActionKind kind, bool hasSignal)
    {
        bool hasAddress = !text.IsAtEnd;
        if (hasSignal)
        {
            if (!text.TryTakeNumber(out _))
            {
                return Confirm(reply, false);
            }

            hasAddress = text.TryTake(';');
        }

        ulong address = 0;
        if ((hasAddress && !text.TryTakeNumber(out address)) || !text.IsAtEnd)
        {
            return Confirm(reply, false);
        }

        int hart = _runHarts.IsOne ? _runHarts.Hart : _generalHart;
        if (hasAddress)
        {
            Debug.WriteRegister(hart, HartRegister.Pc, address);
        }

        Span<HartAction> actions = stackalloc HartAction[HartCount];
        actions.Fill(_runHarts.IsOne ? default : new HartAction(HartActionKind.Continue));
        actions[hart] = new HartAction(kind);
        return Go(actions, reply);
    }

    private PacketOutcome GoEach(ref PacketText text, ReplyBuffer reply)
    {
        Span<HartAction> actions = stackalloc HartAction[HartCount];
        return HartAction.TryTake(ref text, actions) ? Go(actions, reply) : Confirm(reply, false);
    }

    /// <remarks>
    /// The machine steps one hart at a time: of several that are to step it is the one that stopped last, and the others run.
    /// A single hart may run alone, as a step without an end; of more, all do.
    /// </remarks>
    private PacketOutcome Go(ReadOnlySpan<HartAction> actions, ReplyBuffer reply)
    {
        int stepping = -1;
        int going = 0;
        int lastGoing = -1;
        bool stops = false;
        for (int hart = 0; hart < actions.Length; hart++)
        {
            switch (actions[hart].Kind)
            {
                case HartActionKind.Step:
                    stepping = stepping < 0 || hart == _generalHart ? hart : stepping;
                    break;
                case HartActionKind.Continue:
                    going++;
                    lastGoing = hart;
                    break;
                case HartActionKind.Stop:
                    stops = true;
                    break;
            }
        }

        if (stops)
        {
            return StopAll(reply);
        }

        _stopIsAwaited = true;
        if (stepping >= 0)
        {
            // A step starts where the machine stands still.
            _stopIsAwaited = false;
            Debug.Halt();
            _stopIsAwaited = true;
            Debug.Step(stepping, othersRun: going > 0, actions[stepping].RangeStart, actions[stepping].RangeEnd);
        }
        else if (going == 1 && HartCount > 1)
        {
            Debug.Step(lastGoing, othersRun: false, 0, ulong.MaxValue);
        }
        else if (going > 0)
        {
            Debug.Resume();
        }
        else
        {
            _stopIsAwaited = false;
            return Confirm(reply, false);
        }

        return PacketOutcome.Later;
    }

    private PacketOutcome StopAll(ReplyBuffer reply)
    {
        if (Debug.IsHalted)
        {
            return Ask(reply);
        }

        // GDB "Packets" (vCont): who is stopped by t stops with signal 0.
        _stopIsAwaited = true;
        _requestedSignal = 0;
        Debug.Halt();
        _requestedSignal = InterruptSignal;
        return PacketOutcome.Later;
    }

    private void TellStop(DebugStop stop)
    {
        _generalHart = stop.Hart;
        if (!_stopIsAwaited)
        {
            return;
        }

        _stopIsAwaited = false;
        _stopReply.Clear();
        WriteStop(_stopReply, stop);
        _stopReply.End();
        sendLater(_stopReply.Wire.ToArray());
    }

    /// <summary>The machine is no more; how it ended is what a program's exit would be.</summary>
    private void TellEnd(MachineExit exit)
    {
        int code = exit.Kind switch
        {
            MachineExitKind.GuestFailure => exit.Code & 0xff,
            MachineExitKind.MachineError => 1,
            _ => 0,
        };
        _stopReply.Clear();
        _stopReply.Text("W"u8).Number((ulong)code, leastDigits: 2).End();
        sendLast(_stopReply.Wire.ToArray());
    }

    private void WriteStop(ReplyBuffer reply, DebugStop stop)
    {
        int signal = stop.Kind == DebugStopKind.Requested ? _requestedSignal : TrapSignal;
        reply.Text("T"u8).Number((ulong)signal, leastDigits: 2).Text("thread:"u8).Text(ThreadSelection.NameOf(stop.Hart)).Text(";"u8);

        // What somebody else has set is a plain trap to this client: it would take a reason that it does not know for a late one, and go on.
        switch (stop.Kind)
        {
            case DebugStopKind.Watchpoint when _stops.HasWatchpoint(stop.Watch, stop.Address):
                reply.Text(stop.Watch switch
                {
                    WatchKind.Write => "watch:"u8,
                    WatchKind.Read => "rwatch:"u8,
                    _ => "awatch:"u8,
                }).Number(stop.Address).Text(";"u8);
                break;
            case DebugStopKind.Breakpoint when _wantsSoftwareStops && _stops.HasBreakpoint(ClientStopKind.Software, stop.Address):
                reply.Text("swbreak:;"u8);
                break;
            case DebugStopKind.Breakpoint when _wantsHardwareStops && _stops.HasBreakpoint(ClientStopKind.Hardware, stop.Address):
                reply.Text("hwbreak:;"u8);
                break;
        }
    }
}
