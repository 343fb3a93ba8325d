using System.Buffers.Binary;

namespace RiscvXv6.Devices.E1000;

/// <summary>Descriptors on their way back to memory (SDM "Transmit Descriptor Write-back").</summary>
internal sealed partial class TransmitUnit
{
    private readonly BoundedQueue<PendingStatus> _statuses = new(OnChipMax);
    private int _statusesDue;
    private int _statusesWriting;
    private int _flushLeft;
    private bool _isReporting;

    /// <summary>
    /// A descriptor is done with. With WTHRESH 0, those with RS are written back at once, and only their status;
    /// otherwise whole descriptors gather from the first with RS on, and go when they are enough or the transmit timer
    /// has run out.
    /// </summary>
    private void Report(in TransmitDescriptor descriptor, ulong number)
    {
        bool isReported = descriptor.WantsStatus;
        _watch.DescriptorSent(_present.Index, isReported);
        int threshold = Txdctl.WriteBackDescriptors(Thresholds);
        if (!isReported && (threshold == 0 || _statuses.Count == 0))
        {
            return;
        }

        if (isReported)
        {
            _accounts.AwaitStatus(number);
        }

        _statuses.Add(new PendingStatus(
            isReported ? descriptor.Done() : descriptor,
            RingAddress + (ulong)(_present.Index * TransmitDescriptor.SizeBytes),
            isReported,
            descriptor.DelaysInterrupt,
            isReported ? number : TransmitAccounts.None,
            _clock.NowCycles));
        if (_statuses.Count >= threshold)
        {
            _statusesDue = _statuses.Count;
        }
        else if (isReported)
        {
            // "The first packet after timer initialization starts the timer. Timer expiration flushes any accumulated
            // descriptors": without a timer they wait for more.
            HoldBack();
        }
    }

    private void HoldBack()
    {
        if (_registers[E1000Register.Tidv] != 0)
        {
            _interrupts.TransmitReported(isDelayed: true);
        }
    }

    /// <summary>
    /// The transmit timer has run out: what is held back is to be written, and TXDW waits for that. It does not if the
    /// interrupt unit asks because of descriptors that have been written: those it can tell of at once.
    /// </summary>
    private void Flush()
    {
        _statusesDue = _statuses.Count;
        if (_statuses.Count > 0 && !_isReporting)
        {
            _flushLeft = _statuses.Count;
            _interrupts.BeginTransmitFlush();
        }

        WriteBack();
    }

    private void WriteBack()
    {
        if (_writeBack.IsBusy || _statusesDue == 0)
        {
            return;
        }

        ref readonly var first = ref _statuses[0];
        if (Txdctl.WriteBackDescriptors(Thresholds) == 0)
        {
            _statusesWriting = 1;
            BinaryPrimitives.WriteUInt32LittleEndian(_writeBack.Buffer, (uint)(first.Descriptor.High >> 32));
            _writeBack.Write(first.Address + TransmitDescriptor.StatusOffset, 0, sizeof(uint));
            return;
        }

        _statusesWriting = 0;
        while (_statusesWriting < _statusesDue
            && _statuses[_statusesWriting].Address
                == first.Address + (ulong)(_statusesWriting * TransmitDescriptor.SizeBytes))
        {
            var descriptor = _statuses[_statusesWriting].Descriptor;
            var bytes = _writeBack.Buffer[(_statusesWriting++ * TransmitDescriptor.SizeBytes)..];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, descriptor.Low);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], descriptor.High);
        }

        _writeBack.Write(first.Address, 0, _statusesWriting * TransmitDescriptor.SizeBytes);
    }

    private void OnWrittenBack(bool ok)
    {
        bool isReported = false;
        bool isDelayed = true;
        int flushLeft = _flushLeft;
        _flushLeft = Math.Max(_flushLeft - _statusesWriting, 0);
        for (; _statusesWriting > 0; _statusesWriting--)
        {
            var status = _statuses.Take();
            _statusesDue--;
            _accounts.StatusWritten(status.Number, status.DoneCycle, _clock.NowCycles, ok);
            isReported |= status.IsReported && ok;
            isDelayed &= status.IsDelayed || !status.IsReported;
        }

        WriteBack();
        if (flushLeft == 0 && isReported)
        {
            _isReporting = true;
            _interrupts.TransmitReported(isDelayed);
            _isReporting = false;
        }
        else if (flushLeft > 0 && _flushLeft == 0)
        {
            _interrupts.EndTransmitFlush();
        }

        Pump();
    }

    /// <summary>The ring has changed: what is not on its way back does not go.</summary>
    private void ForgetStatuses()
    {
        while (_statuses.Count > _statusesWriting)
        {
            _accounts.ForgetStatus(_statuses[_statuses.Count - 1].Number);
            _statuses.Truncate(_statuses.Count - 1);
        }

        _statusesDue = _statusesWriting;
        if (_flushLeft > 0 && _statusesDue == 0)
        {
            _flushLeft = 0;
            _interrupts.EndTransmitFlush();
        }
    }
}
