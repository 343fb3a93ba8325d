using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>What the unit holds, saved, put back and forgotten.</summary>
internal sealed partial class ReceiveUnit
{
    public ReceiveUnitState Save()
    {
        var chip = new OnChipDescriptor[_used + _unused];
        for (int index = 0; index < chip.Length; index++)
        {
            chip[index] = Chip(index);
        }

        return new ReceiveUnitState(
            _fifo.Save(),
            FlowControl.IsAboveThreshold,
            new ValueArray<OnChipDescriptor>(chip),
            _used,
            _returning,
            _due,
            _flushing,
            _fetching,
            _storing,
            _isFetchStale,
            _isPayloadStale,
            _isReturnStale,
            _isRingBroken,
            _isDraining,
            _ringBase,
            _ringCount,
            _bufferBytes,
            new ReceiveAccountState(_stallCycle, _stalledCycles, _wantedCycle, _hasFaulted));
    }

    /// <summary>Clock, registers and the DMA engine have to be restored too, in any order.</summary>
    public void Restore(ReceiveUnitState state)
    {
        (var fifo, FlowControl.IsAboveThreshold, var chip, _used, _returning, _due, _flushing, _fetching, _storing,
            _isFetchStale, _isPayloadStale, _isReturnStale, _isRingBroken, _isDraining, _ringBase, _ringCount,
            _bufferBytes, var account) = state;
        (_stallCycle, _stalledCycles, _wantedCycle, _hasFaulted) = account;
        _fifo.Restore(fifo);
        _first = 0;
        _unused = chip.Length - _used;
        chip.AsSpan().CopyTo(_chip);
    }

    /// <summary>
    /// The ring is another one now: all descriptors on the chip, and the frame that was half in memory, are gone.
    /// </summary>
    private void Forget()
    {
        _isFetchStale |= _fetching > 0;
        _isPayloadStale |= _storing > 0;
        _isReturnStale |= _returning > 0;
        if (IsHeadInProgress)
        {
            _fifo.RemoveHead();
            FlowControl.OccupancyChanged(_fifo.OccupiedBytes);
        }

        EndFrame();
        ForgetChip();
        if (_isDraining)
        {
            _fifo.Clear();
            _isDraining = false;
        }

        if (_flushing > 0)
        {
            _flushing = 0;
            _interrupts.EndReceiveFlush();
        }

        TakeUpRing();
    }

    private void ForgetChip()
    {
        _first = 0;
        _used = 0;
        _unused = 0;
        _returning = 0;
        _due = 0;
        _fetching = 0;
        _storing = 0;
        _isRingBroken = false;
    }

    private void TakeUpRing()
    {
        _ringBase = _registers[E1000Register.Rdbah] << 32 | _registers[E1000Register.Rdbal];
        _ringCount = (int)(_registers[E1000Register.Rdlen] / ReceiveDescriptor.SizeBytes);
    }

    private void ResetRing()
    {
        EndFrame();
        ForgetChip();
        _flushing = 0;
        _isFetchStale = false;
        _isPayloadStale = false;
        _isReturnStale = false;
        _isDraining = false;
        _ringBase = 0;
        _ringCount = 0;
        _bufferBytes = 0;
    }
}
