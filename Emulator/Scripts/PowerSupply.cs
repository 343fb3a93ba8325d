namespace RiscvXv6.Emulator.Scripts;

/// <summary>The power of a machine's disks: counts what is written, and can go off at a write.</summary>
internal sealed class PowerSupply
{
    private int _cutAtWrite;
    private bool _isTorn;

    /// <summary>Writes since power was there for the first time.</summary>
    public int Writes { get; private set; }

    public bool IsOn { get; private set; } = true;

    /// <summary>Told when the power goes off at a write.</summary>
    public Action? Cut { get; set; }

    /// <summary>Plans to go off.</summary>
    /// <param name="afterWrites">So many more are done.</param>
    /// <param name="isTorn">And half of another one.</param>
    public void CutAfter(int afterWrites, bool isTorn)
    {
        _cutAtWrite = Writes + afterWrites;
        _isTorn = isTorn;
    }

    public void SwitchOn()
    {
        IsOn = true;
        _cutAtWrite = 0;
    }

    public void SwitchOff() => IsOn = false;

    /// <summary>A write begins.</summary>
    /// <returns>How much of it reaches the disk.</returns>
    public int Admit(int lengthBytes, int sectorBytes)
    {
        if (!IsOn)
        {
            return 0;
        }

        if (_isTorn && _cutAtWrite > 0 && Writes == _cutAtWrite)
        {
            GoOff();
            return lengthBytes > sectorBytes ? sectorBytes : 0;
        }

        return lengthBytes;
    }

    /// <summary>A write has been done.</summary>
    public void Count()
    {
        Writes++;
        if (!_isTorn && Writes == _cutAtWrite)
        {
            GoOff();
        }
    }

    private void GoOff()
    {
        SwitchOff();
        Cut?.Invoke();
    }
}
