using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The accounts of packets between their way into the FIFO and the later of two ends: the wire's, and the status in
/// memory.
/// </summary>
internal sealed class TransmitAccounts
{
    /// <summary>The number of no packet.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>At least the frames in the FIFO and the descriptors on the chip: a power of two.</summary>
    private const int AccountsMax = 2 * TransmitFifo.FramesMax;

    private readonly PacketJournal _journal;
    private readonly OpenAccount[] _accounts = new OpenAccount[AccountsMax];

    // The slots that are free, the one that was last in use on top: a card that is not busy keeps to a few.
    private readonly int[] _free = new int[AccountsMax];
    private int _freeCount;
    private ulong _next;

    public TransmitAccounts(PacketJournal journal)
    {
        _journal = journal;
        Clear();
    }

    /// <summary>Opens the account of a packet that is in the FIFO now.</summary>
    /// <param name="opened">What is known of it.</param>
    /// <returns>Its number: that of its slot, and above it one that no other packet has had.</returns>
    public ulong Open(in OpenAccount opened)
    {
        int slot = _free[--_freeCount];
        ulong number = _next++ * AccountsMax + (uint)slot;
        ref var account = ref _accounts[slot];
        account = opened;
        account.Number = number;
        account.ReportedCycle = PacketJournal.NotReported;
        account.IsOnWire = true;
        account.IsAwaitingStatus = false;
        return number;
    }

    /// <summary>Its status will be written. An account that is closed already stays so.</summary>
    public void AwaitStatus(ulong number)
    {
        if (number != None && Of(number).Number == number && Of(number).IsOnWire)
        {
            Of(number).IsAwaitingStatus = true;
        }
    }

    /// <summary>Its status is in memory, or could not be written there.</summary>
    /// <param name="number">The packet, or <see cref="None"/>.</param>
    /// <param name="doneCycle">When its descriptor was done with.</param>
    /// <param name="nowCycle">Now.</param>
    /// <param name="isWritten">It is in memory.</param>
    public void StatusWritten(ulong number, ulong doneCycle, ulong nowCycle, bool isWritten)
    {
        if (!IsAwaited(number))
        {
            return;
        }

        ref var account = ref Of(number);
        account.IsAwaitingStatus = false;
        if (isWritten)
        {
            account.ReportedCycle = nowCycle;
            account.WriteBack = nowCycle - doneCycle;
            account.LastCycle = Math.Max(account.LastCycle, nowCycle);
        }

        CloseIfThrough(ref account);
    }

    /// <summary>Its gap is over.</summary>
    public void LeftWire(ulong number, ulong fifoCycles, ulong wireCycles, ulong nowCycle, PacketDrop drop)
    {
        ref var account = ref Of(number);
        account.IsOnWire = false;
        account.Fifo = fifoCycles;
        account.Wire = wireCycles;
        account.LastCycle = Math.Max(account.LastCycle, nowCycle);
        account.Drop = drop;
        CloseIfThrough(ref account);
    }

    /// <summary>Forgets a status that will not be written after all.</summary>
    public void ForgetStatus(ulong number)
    {
        if (IsAwaited(number))
        {
            ref var account = ref Of(number);
            account.IsAwaitingStatus = false;
            CloseIfThrough(ref account);
        }
    }

    /// <summary>Forgets all open accounts: the packets were lost in a reset.</summary>
    public void Clear()
    {
        Array.Clear(_accounts);
        _freeCount = 0;
        for (int slot = AccountsMax - 1; slot >= 0; slot--)
        {
            _free[_freeCount++] = slot;
        }
    }

    public (ulong Next, ValueArray<int> Free, ValueArray<OpenAccount> Accounts) Save()
    {
        var open = new OpenAccount[AccountsMax - _freeCount];
        int count = 0;
        foreach (ref readonly var account in _accounts.AsSpan())
        {
            if (IsOpen(account))
            {
                open[count++] = account;
            }
        }

        return (_next, new ValueArray<int>(_free.AsSpan(0, _freeCount)), new ValueArray<OpenAccount>(open));
    }

    public void Restore(ulong next, ValueArray<int> free, ValueArray<OpenAccount> accounts)
    {
        Array.Clear(_accounts);
        _next = next;
        _freeCount = free.Length;
        free.AsSpan().CopyTo(_free);
        foreach (var account in accounts.AsSpan())
        {
            Of(account.Number) = account;
        }
    }

    private static bool IsOpen(in OpenAccount account) => account.IsOnWire || account.IsAwaitingStatus;

    private bool IsAwaited(ulong number) =>
        number != None && Of(number).Number == number && Of(number).IsAwaitingStatus;

    private ref OpenAccount Of(ulong number) => ref _accounts[number % AccountsMax];

    private void CloseIfThrough(ref OpenAccount account)
    {
        if (IsOpen(account))
        {
            return;
        }

        _free[_freeCount++] = (int)(account.Number % AccountsMax);
        _journal.Complete(
            new PacketRecord(
                PacketDirection.Transmit,
                account.DescriptorIndex,
                account.LengthBytes,
                account.FirstCycle,
                account.LastCycle,
                new StageCycles(
                    account.Queue,
                    account.DescriptorFetch,
                    account.PayloadDma,
                    account.Fifo,
                    account.Wire,
                    account.WriteBack,
                    0),
                account.Drop),
            account.ReportedCycle);
    }
}
