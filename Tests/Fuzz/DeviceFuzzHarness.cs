using System.Diagnostics;

namespace RiscvXv6.Tests.Fuzz;

/// <summary>
/// One fuzzer for every device. It drives a device with random accesses, time, input and memory, beside a twin that now and then
/// is made afresh from the device's saved state, and holds them to this:
/// nothing throws; nothing hangs (<see cref="FuzzBudget"/> watches); no load returns bits beyond its width;
/// a peek changes nothing and shows what a load then returns; a saved state put into a fresh device is saved as the same state,
/// puts the lines at the same levels (so that these are a function of the state), and goes on in the same way.
/// </summary>
/// <typeparam name="TState">As in <see cref="FuzzSubject{TState}"/>.</typeparam>
internal sealed class DeviceFuzzHarness<TState>(FuzzPlan<TState> plan, int seed) : IDisposable
    where TState : class
{
    private const int StepsKeptForReport = 12;

    private readonly Random _random = new(seed);
    private readonly Queue<string> _recent = new();
    private readonly FuzzRig _rig = new();
    private FuzzRig _twinRig = new();
    private FuzzSubject<TState> _subject = null!;
    private FuzzSubject<TState> _twin = null!;
    private int _steps;

    /// <summary>Steps taken.</summary>
    public int StepCount => _steps;

    /// <summary>Runs until a number of steps or a time is up, whichever is first.</summary>
    /// <exception cref="FuzzFailureException">The device broke a promise; the message has the seed and the last steps.</exception>
    public void Run(int steps, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        _subject = plan.Build(_rig);
        _twin = plan.Build(_twinRig);
        for (_steps = 0; _steps < steps && watch.Elapsed < limit; _steps++)
        {
            if (_random.Next(40) == 0)
            {
                RenewTwin();
            }

            TakeStep(Draw());
        }
    }

    public void Dispose()
    {
        _rig.Dispose();
        _twinRig.Dispose();
    }

    private FuzzStep Draw()
    {
        var action = (FuzzAction)_random.Next(plan.UsesMemory ? 6 : 5);
        if (action == FuzzAction.Input && _subject.Inputs.Count == 0)
        {
            action = FuzzAction.Store;
        }

        int sizeBytes = DrawWidth();
        ulong offset = DrawOffset(sizeBytes);
        return action switch
        {
            FuzzAction.Store => new FuzzStep(action, offset, sizeBytes, DrawValue() & Mask(sizeBytes), 0),
            FuzzAction.Advance => new FuzzStep(action, 0, 0, DrawCycles(), 0),
            FuzzAction.Input => new FuzzStep(
                action, 0, 0, (ulong)_random.Next(), _random.Next(_subject.Inputs.Count)),
            FuzzAction.FillMemory => new FuzzStep(action, 0, 0, (ulong)_random.Next(), 0),
            _ => new FuzzStep(action, offset, sizeBytes, 0, 0),
        };
    }

    private int DrawWidth()
    {
        int widths = (int)_subject.Device.Widths;
        while (true)
        {
            int sizeBytes = 1 << _random.Next(4);
            if ((widths & sizeBytes) != 0)
            {
                return sizeBytes;
            }
        }
    }

    private ulong DrawOffset(int sizeBytes)
    {
        ulong offset = _random.Next(16) == 0
            ? (ulong)_random.NextInt64((long)plan.SizeBytes)
            : plan.Offsets[_random.Next(plan.Offsets.Count)] + (ulong)(_random.Next(8) == 0 ? _random.Next(16) : 0);
        return Math.Min(offset, plan.SizeBytes - 1) & ~(ulong)(sizeBytes - 1);
    }

    private ulong DrawValue() => _random.Next(6) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1ul << _random.Next(64),
        3 => (ulong)_random.Next(256),
        4 when plan.Values.Count > 0 => plan.Values[_random.Next(plan.Values.Count)],
        _ => (ulong)_random.NextInt64(),
    };

    private ulong DrawCycles() => _random.Next(50) switch
    {
        0 => (ulong)_random.NextInt64(1L << 40),
        < 10 => 0,
        _ => (ulong)_random.Next(plan.TypicalCycles),
    };

    private void TakeStep(FuzzStep step)
    {
        Remember(step.ToString());
        _rig.MarkLines();
        _twinRig.MarkLines();
        string seen = Perform(_subject, _rig, step);
        string twinSeen = Perform(_twin, _twinRig, step);
        Require(seen == twinSeen, $"the restored twin differs: {twinSeen} and not {seen}");
        Require(_rig.Output.SequenceEqual(_twinRig.Output), "the restored twin's output differs");
        _rig.Output.Clear();
        _twinRig.Output.Clear();
        RequireEqualLines("the restored twin's lines differ");
    }

    private string Perform(FuzzSubject<TState> subject, FuzzRig rig, FuzzStep step)
    {
        try
        {
            return PerformUnguarded(subject, rig, step);
        }
        catch (Exception e) when (e is not FuzzFailureException)
        {
            throw Failure($"it threw {e.GetType().Name}: {e.Message}", e);
        }
    }

    private string PerformUnguarded(FuzzSubject<TState> subject, FuzzRig rig, FuzzStep step)
    {
        switch (step.Action)
        {
            case FuzzAction.Load:
                var before = subject.Device.Peek(step.Offset, step.SizeBytes, out ulong peeked);
                var status = subject.Device.Read(step.Offset, step.SizeBytes, out ulong value);
                Require((status, value) == (before, peeked), $"a load returned {status} {value:x}, a peek {before} {peeked:x}");
                Require((value & ~Mask(step.SizeBytes)) == 0, $"a load returned 0x{value:x}: more bits than its width");
                return $"{status} 0x{value:x}";
            case FuzzAction.Store:
                return subject.Device.Write(step.Offset, step.SizeBytes, step.Value).ToString();
            case FuzzAction.Peek:
                return PeekTwice(subject, step);
            case FuzzAction.Advance:
                rig.AdvanceTo(rig.Clock.NowCycles + step.Value);
                return "";
            case FuzzAction.Input:
                subject.Inputs[step.InputIndex]((int)step.Value);
                return "";
            default:
                var bytes = new byte[64];
                var random = new Random((int)step.Value);
                random.NextBytes(bytes);
                ulong room = FuzzRig.MemoryRange.SizeBytes - (ulong)bytes.Length;
                rig.Memory.TryWrite(FuzzRig.MemoryRange.Base + (ulong)random.NextInt64((long)room), bytes);
                return "";
        }
    }

    private string PeekTwice(FuzzSubject<TState> subject, FuzzStep step)
    {
        var before = subject.Save();
        var first = subject.Device.Peek(step.Offset, step.SizeBytes, out ulong value);
        var second = subject.Device.Peek(step.Offset, step.SizeBytes, out ulong again);
        Require(subject.Save().Equals(before), "a peek changed the state");
        Require((first, value) == (second, again), "two peeks differ");
        return $"{first} 0x{value:x}";
    }

    /// <summary>Saves the device, and makes its twin anew from what was saved.</summary>
    private void RenewTwin()
    {
        Remember("save and restore");
        try
        {
            var state = _subject.Save();
            Require(_twin.Save().Equals(state), "the restored twin's state has drifted from the device's");
            Require(!plan.UsesMemory || MemoriesAreEqual(), "the restored twin left other memory");
            _twinRig.Dispose();
            _twinRig = new FuzzRig();
            _twin = plan.Build(_twinRig);
            _twinRig.Clock.Restore(_rig.Clock.NowCycles);
            CopyMemory();
            _twin.Restore(state);
            Require(_subject.Save().Equals(state), "saving changed the state");
            Require(_twin.Save().Equals(state), "a restored state is saved as another one");
            _rig.MarkLines();
            _twinRig.MarkLines();
            RequireEqualLines("a restored device has its lines at other levels");
            _twinRig.Output.Clear();
        }
        catch (Exception e) when (e is not FuzzFailureException)
        {
            throw Failure($"it threw {e.GetType().Name}: {e.Message}", e);
        }
    }

    private void CopyMemory()
    {
        if (plan.UsesMemory)
        {
            _twinRig.Memory.TryWrite(FuzzRig.MemoryRange.Base, _rig.CopyOfMemory());
        }
    }

    private bool MemoriesAreEqual() => _rig.CopyOfMemory().AsSpan().SequenceEqual(_twinRig.CopyOfMemory());

    private void RequireEqualLines(string complaint)
    {
        for (int i = 0; i < _rig.Lines.Count; i++)
        {
            bool isEqual = _rig.Lines[i].IsUp == _twinRig.Lines[i].IsUp
                && _rig.AssertionsSinceMark(i) == _twinRig.AssertionsSinceMark(i);
            Require(isEqual, $"{complaint} (line {i})");
        }
    }

    private static ulong Mask(int sizeBytes) => ulong.MaxValue >> (64 - 8 * sizeBytes);

    private void Remember(string what)
    {
        _recent.Enqueue(what);
        if (_recent.Count > StepsKeptForReport)
        {
            _recent.Dequeue();
        }
    }

    private void Require(bool holds, string complaint)
    {
        if (!holds)
        {
            throw Failure(complaint, null);
        }
    }

    private FuzzFailureException Failure(string complaint, Exception? cause) => new(
        $"{_subject.Device.Name}: {complaint}\nseed {seed}, step {_steps}; the last steps:\n  {string.Join("\n  ", _recent)}",
        cause);
}
