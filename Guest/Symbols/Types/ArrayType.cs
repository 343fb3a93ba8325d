namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>Values of one type one after the other; an array of several dimensions is one of arrays.</summary>
public sealed class ArrayType : DataType
{
    internal ArrayType(DataType element, ulong count)
    {
        Element = element;
        Count = count;
        ulong high = Math.BigMul(element.SizeBytes, count, out ulong size);
        SizeBytes = high == 0 ? size : ulong.MaxValue;
    }

    public DataType Element { get; }

    /// <summary>0 if the program does not tell.</summary>
    public ulong Count { get; }

    public override ulong SizeBytes { get; }

    internal override string Spell(int depth)
    {
        // C writes the outermost dimension first.
        DataType inner = this;
        string dimensions = "";
        for (; inner is ArrayType array && depth > 0; depth--)
        {
            dimensions += array.Count == 0 ? "[]" : $"[{array.Count}]";
            inner = array.Element;
        }

        return Spell(inner, depth) + dimensions;
    }
}
