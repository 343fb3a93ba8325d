using RiscvXv6.Devices.State;

namespace RiscvXv6.Devices.E1000;

/// <summary>
/// The accounts of packets between their way into the FIFO and the later of two ends: the wire's, and the status in memory.
/// </summary>
internal sealed class TransmitAccounts(PacketJournal journal)
{
    /// <summary>The number of no packet.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>At least the frames in the FIFO and the descriptors on the chip.</summary>
    private const int AccountsMax = 2 * TransmitFifo.FramesMax;

    private readonly OpenAccount[] _accounts = new OpenAccount[AccountsMax];
    private ulong _next;

    /// <summary>Opens the account of a packet that is in the FIFO now.</summary>
    /// <returns>Its number.</returns>
    public ulong Open(in PacketRecord record)
    {
        ulong number = _next++;
        _accounts[number % AccountsMax] = new OpenAccount(
            number, record, PacketJournal.NotReported, IsOnWire: true, IsAwaitingStatus: false);
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
            account.Record = account.Record with
            {
                Stages = account.Record.Stages with { WriteBack = nowCycle - doneCycle },
                LastCycle = Math.Max(account.Record.LastCycle, nowCycle),
            };
        }

        CloseIfThrough(account);
    }

    /// <summary>Its gap is over.</summary>
    public void LeftWire(ulong number, ulong fifoCycles, ulong wireCycles, ulong nowCycle, PacketDrop drop)
    {
        ref var account = ref Of(number);
        account.IsOnWire = false;
        account.Record = account.Record with
        {
            Stages = account.Record.Stages with { Fifo = fifoCycles, Wire = wireCycles },
            LastCycle = Math.Max(account.Record.LastCycle, nowCycle),
            Drop = drop,
        };
        CloseIfThrough(account);
    }

    /// <summary>Forgets a status that will not be written after all.</summary>
    public void ForgetStatus(ulong number)
    {
        if (IsAwaited(number))
        {
            ref var account = ref Of(number);
            account.IsAwaitingStatus = false;
            CloseIfThrough(account);
        }
    }

    /// <summary>Forgets all open accounts: the packets were lost in a reset.</summary>
    public void Clear() => Array.Clear(_accounts);

    public (ulong Next, ValueArray<OpenAccount> Accounts) Save()
    {
        int count = 0;
        foreach (ref readonly var account in _accounts.AsSpan())
        {
            count += IsOpen(account) ? 1 : 0;
        }

        var open = new OpenAccount[count];
        foreach (ref readonly var account in _accounts.AsSpan())
        {
            if (IsOpen(account))
            {
                open[--count] = account;
            }
        }

        Array.Sort(open, static (a, b) => a.Number.CompareTo(b.Number));
        return (_next, new ValueArray<OpenAccount>(open));
    }

    public void Restore(ulong next, ValueArray<OpenAccount> accounts)
    {
        Clear();
        _next = next;
        foreach (var account in accounts.AsSpan())
        {
            _accounts[account.Number % AccountsMax] = account;
        }
    }

    private static bool IsOpen(in OpenAccount account) => account.IsOnWire || account.IsAwaitingStatus;

    private bool IsAwaited(ulong number) => number != None && Of(number).Number == number && Of(number).IsAwaitingStatus;

    private ref OpenAccount Of(ulong number) => ref _accounts[number % AccountsMax];

    private void CloseIfThrough(in OpenAccount account)
    {
        if (!IsOpen(account))
        {
            journal.Complete(account.Record, account.ReportedCycle);
        }
    }
}
