namespace RiscvXv6.Devices.E1000;

/// <summary>The way of used descriptors back to memory, and what is told of it.</summary>
internal sealed partial class ReceiveUnit
{
    /// <summary>
    /// RDTR.FPD, or a receive timer's end: what is held back goes to memory (SDM "Receive Descriptor Packing").
    /// </summary>
    private void Flush()
    {
        int reported = 0;
        for (int index = 0; index < _used; index++)
        {
            reported = Chip(index).IsReported ? index + 1 : reported;
        }

        _due = _used;
        if (reported > 0)
        {
            _flushing = reported;
            _interrupts.BeginReceiveFlush();
        }

        ReturnUsed();
    }

    /// <summary>The next descriptor is used; with RXDCTL.WTHRESH of them all go back.</summary>
    private void Use()
    {
        _used++;
        _unused--;
        int threshold = Rxdctl.Descriptors((uint)_registers[E1000Register.Rxdctl], Rxdctl.WriteBackShift);
        if (_used - _returning >= Math.Max(1, threshold))
        {
            _due = _used;
        }
    }

    /// <summary>Begins to write back descriptors that are due, as far as they lie in a row.</summary>
    private void ReturnUsed()
    {
        if (_writeBack.IsBusy || _due == 0)
        {
            return;
        }

        int head = HeadIndex;
        _returning = Math.Min(_due, _ringCount - head);
        for (int index = 0; index < _returning; index++)
        {
            Chip(index).Descriptor.Write(_writeBack.Buffer[(index * ReceiveDescriptor.SizeBytes)..]);
        }

        _writeBack.Write(AddressOf(head), 0, _returning * ReceiveDescriptor.SizeBytes);
    }

    private void OnWrittenBack(bool moved)
    {
        int returned = _returning;
        _returning = 0;
        if (_isReturnStale)
        {
            _isReturnStale = false;
            Pump();
            return;
        }

        int index = HeadIndex;
        int tail = (int)_registers[E1000Register.Rdt];
        int freeBefore = OwnedFrom(index, tail);
        int first = _first;
        _registers[E1000Register.Rdh] = (ulong)((index + returned) % _ringCount);
        _first = (_first + returned) % OnChipMax;
        _used -= returned;
        _due -= returned;
        int minimum = Rctl.MinimumDescriptors((uint)_registers[E1000Register.Rctl], _ringCount);
        if (freeBefore > minimum && freeBefore - returned <= minimum)
        {
            _interrupts.Raise(InterruptCauses.ReceiveDescriptorMinimum);
        }

        if (_flushing > 0)
        {
            _flushing = Math.Max(0, _flushing - returned);
            if (_flushing == 0)
            {
                _interrupts.EndReceiveFlush();
            }
        }

        // A report may begin the next write-back: all that it looks at is in order by now.
        for (int position = 0; position < returned; position++)
        {
            Report(_chip[(first + position) % OnChipMax], (index + position) % _ringCount);
        }

        Pump();
    }

    /// <summary>A descriptor's status is in memory.</summary>
    private void Report(in OnChipDescriptor returned, int descriptorIndex)
    {
        if (returned.FrameBytes < 0)
        {
            return;
        }

        var record = returned.Record;
        _journal.Complete(
            record with
            {
                DescriptorIndex = descriptorIndex,
                LastCycle = _clock.NowCycles,
                Stages = record.Stages with { WriteBack = _clock.NowCycles - returned.UsedCycle },
            },
            _clock.NowCycles);
        if (!returned.IsReported)
        {
            _interrupts.ReceiveReported(returned.FrameBytes);
        }
    }
}
