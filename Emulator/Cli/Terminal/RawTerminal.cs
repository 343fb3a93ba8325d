namespace RiscvXv6.Emulator.Cli.Terminal;

/// <summary>
/// Standard input without echo, line editing or flow control, so that the guest sees each key; put back as it was by
/// <see cref="Restore"/>, which any thread may call, any number of times. Does nothing where there is no terminal.
/// </summary>
internal sealed unsafe class RawTerminal : IDisposable
{
    /// <summary>More than <c>struct termios</c> of any supported host (72 on macOS, 60 on Linux).</summary>
    private const int TermiosSizeBytes = 128;

    private const int AfterDraining = 1;
    private const uint OutputProcessing = 1;

    private readonly Lock _lock = new();
    private readonly byte[] _original = new byte[TermiosSizeBytes];
    private readonly byte[] _raw = new byte[TermiosSizeBytes];
    private readonly bool _isTerminal;
    private bool _isRaw;

    /// <param name="keepsSignals">Ctrl-C and Ctrl-Z stay with the host; otherwise they are keys like any other.</param>
    public RawTerminal(bool keepsSignals)
    {
        if (OperatingSystem.IsWindows() || UnixCalls.IsTerminal(UnixCalls.StandardInput) == 0)
        {
            return;
        }

        // SAFETY: both arrays are larger than any host's struct termios.
        fixed (byte* original = _original, raw = _raw)
        {
            if (UnixCalls.GetAttributes(UnixCalls.StandardInput, original) != 0)
            {
                return;
            }

            _original.CopyTo(_raw, 0);
            UnixCalls.MakeRaw(raw);
        }

        // A newline still returns the carriage: the emulator's own lines need it, and it does not disturb a guest's.
        SetFlag(_raw, OutputFlagsOffset, OutputProcessing);
        if (keepsSignals)
        {
            SetFlag(_raw, LocalFlagsOffset, SignalKeys);
        }

        _isTerminal = true;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        Enter();
    }

    // struct termios: four flag words (input, output, control, local) of 4 bytes on Linux and 8 on macOS.
    private static int FlagSizeBytes => OperatingSystem.IsMacOS() ? 8 : 4;

    private static int OutputFlagsOffset => FlagSizeBytes;

    private static int LocalFlagsOffset => 3 * FlagSizeBytes;

    /// <summary>ISIG.</summary>
    private static uint SignalKeys => OperatingSystem.IsMacOS() ? 0x80u : 1u;

    /// <summary>Makes the terminal raw, again after <see cref="Restore"/>.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _isRaw = _isTerminal && Apply(_raw);
        }
    }

    /// <summary>Puts the terminal back as it was found.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                _isRaw = !Apply(_original);
            }
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

    private void OnProcessExit(object? sender, EventArgs e) => Restore();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e) => Restore();
}
