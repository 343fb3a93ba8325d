namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// Standard input without echo, line editing or flow control, so that the guest sees each key; put back as it was by
/// <see cref="Restore"/>, which any thread may call, any number of times. Does nothing where there is no terminal.
/// </summary>
/// <remarks>
/// A job in the background leaves the terminal alone, for it is the shell's: neither its settings nor its keys are touched until
/// the job is brought to the foreground (POSIX "Terminal Access Control": to touch them would stop the job).
/// </remarks>
internal sealed unsafe class RawTerminal : IDisposable
{
    /// <summary>More than <c>struct termios</c> of any supported host (72 on macOS, 60 on Linux).</summary>
    private const int TermiosSizeBytes = 128;

    private const int AfterDraining = 1;
    private const uint OutputProcessing = 1;

    /// <summary>How often a job in the background looks whether it was brought to the foreground: no signal says so.</summary>
    private const int LookMilliseconds = 100;

    private const short Readable = 1;

    private readonly Lock _lock = new();
    private readonly byte[] _original = new byte[TermiosSizeBytes];
    private readonly byte[] _raw = new byte[TermiosSizeBytes];
    private readonly bool _keepsSignals;
    private readonly bool _isTerminal;
    private bool _isRaw;
    private bool _isSuspended;
    private bool _isOver;

    /// <param name="keepsSignals">Ctrl-C and Ctrl-Z stay with the host; otherwise they are keys like any other.</param>
    public RawTerminal(bool keepsSignals)
    {
        _keepsSignals = keepsSignals;
        _isTerminal = !OperatingSystem.IsWindows() && UnixCalls.IsTerminal(UnixCalls.StandardInput) != 0;
        if (_isTerminal)
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
            TryEnter();
        }
    }

    // struct termios: four flag words (input, output, control, local) of 4 bytes on Linux and 8 on macOS.
    private static int FlagSizeBytes => OperatingSystem.IsMacOS() ? 8 : 4;

    private static int OutputFlagsOffset => FlagSizeBytes;

    private static int LocalFlagsOffset => 3 * FlagSizeBytes;

    /// <summary>ISIG.</summary>
    private static uint SignalKeys => OperatingSystem.IsMacOS() ? 0x80u : 1u;

    /// <summary>The terminal takes orders from this process: it is in the foreground, or there are no jobs.</summary>
    private static bool IsInForeground =>
        UnixCalls.ForegroundGroup(UnixCalls.StandardInput) is var group && (group < 0 || group == UnixCalls.ProcessGroup());

    /// <summary>Reads keys, as <see cref="StandardStreams.Read"/>; in the background not before the job is in the foreground.</summary>
    public int Read(Span<byte> keys)
    {
        while (_isTerminal)
        {
            if (!TryEnter())
            {
                Thread.Sleep(LookMilliseconds);
                continue;
            }

            // The job may have been put into the background while it waited, and what came is for the shell.
            UnixCalls.AwaitReady(UnixCalls.StandardInput, Readable);
            if (IsInForeground)
            {
                break;
            }
        }

        return StandardStreams.Read(keys);
    }

    /// <summary>Gives the terminal back until <see cref="Resume"/>: the process is about to be stopped.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _isSuspended = true;
            Leave();
        }
    }

    /// <summary>The process goes on, be it in the foreground or in the background.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _isSuspended = false;

            // Whoever stopped it may have set the terminal in the meantime.
            _isRaw = false;
        }

        TryEnter();
    }

    /// <summary>Puts the terminal back as it was found, for good.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            _isOver = true;
            Leave();
        }
    }

    public void Dispose()
    {
        Restore();
        if (_isTerminal)
        {
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        }
    }

    private static bool Apply(byte[] attributes)
    {
        // SAFETY: the array is larger than any host's struct termios.
        fixed (byte* pointer = attributes)
        {
            return UnixCalls.SetAttributes(UnixCalls.StandardInput, AfterDraining, pointer) == 0;
        }
    }

    /// <summary>All hosts are little-endian, and the flags used are in the low byte.</summary>
    private static void SetFlag(byte[] attributes, int offset, uint flag) => attributes[offset] |= (byte)flag;

    /// <summary>Makes the terminal raw, if it is ours to set.</summary>
    /// <returns>False in the background; true once it is over, when nothing is set any more.</returns>
    private bool TryEnter()
    {
        lock (_lock)
        {
            if (_isOver || !_isTerminal)
            {
                return true;
            }

            if (_isSuspended || !IsInForeground)
            {
                return false;
            }

            if (!_isRaw && TakeOriginal())
            {
                _isRaw = Apply(_raw);
            }

            return true;
        }
    }

    /// <summary>As it is now is how it will be put back: in the background it was set as the shell likes it.</summary>
    private bool TakeOriginal()
    {
        // SAFETY: both arrays are larger than any host's struct termios.
        fixed (byte* original = _original, raw = _raw)
        {
            if (UnixCalls.GetAttributes(UnixCalls.StandardInput, original) != 0)
            {
                return false;
            }

            _original.CopyTo(_raw, 0);
            UnixCalls.MakeRaw(raw);
        }

        // A newline still returns the carriage: the emulator's own lines need it, and it does not disturb a guest's.
        SetFlag(_raw, OutputFlagsOffset, OutputProcessing);
        if (_keepsSignals)
        {
            SetFlag(_raw, LocalFlagsOffset, SignalKeys);
        }

        return true;
    }

    private void Leave()
    {
        if (_isRaw)
        {
            // In the background the shell has taken the terminal, and set it, long ago.
            _isRaw = IsInForeground && !Apply(_original);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Restore();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e) => Restore();
}
