using System.Globalization;
using System.Text;

namespace RiscvXv6.Guest.Symbols.Types;

/// <summary>A structure or a union.</summary>
public sealed class StructureType : DataType
{
    /// <summary>Members looked at in one search: nameless structures may lie in each other without end.</summary>
    private const int LongestSearch = 20_000;

    private readonly Lazy<IReadOnlyList<StructureMember>> _members;

    internal StructureType(string tag, ulong sizeBytes, bool isUnion, Func<IReadOnlyList<StructureMember>> members)
    {
        Tag = tag;
        SizeBytes = sizeBytes;
        IsUnion = isUnion;
        _members = new(members);
    }

    /// <summary>The name without the word before it; empty if it has none.</summary>
    public string Tag { get; }

    public override ulong SizeBytes { get; }

    public bool IsUnion { get; }

    /// <summary>In the program's order.</summary>
    public IReadOnlyList<StructureMember> Members => _members.Value;

    /// <summary>Finds a part of it.</summary>
    /// <param name="path">
    /// Names with dots between them, and indices of arrays: <c>context.ra</c>, <c>ofile[3]</c>. Nothing follows a pointer.
    /// </param>
    /// <param name="member">The part.</param>
    public bool TryFindMember(string path, out MemberLocation member)
    {
        member = default;
        DataType type = this;
        ulong offset = 0;
        var last = default(MemberLocation);
        int budget = LongestSearch;
        foreach (string step in path.Split('.'))
        {
            int bracket = step.IndexOf('[', StringComparison.Ordinal);
            string name = bracket < 0 ? step : step[..bracket];
            if (name.Length == 0 || type is not StructureType structure
                || !structure.TryFindDirect(Encoding.UTF8.GetBytes(name), ref budget, out last))
            {
                return false;
            }

            offset += last.OffsetBytes;
            type = last.Type;
            if (bracket >= 0 && !TryIndex(step.AsSpan(bracket), ref type, ref offset))
            {
                return false;
            }
        }

        member = last with { Path = path, OffsetBytes = offset, Type = type };
        return true;
    }

    internal override string Spell(int depth) => $"{(IsUnion ? "union" : "struct")} {Tag}".TrimEnd();

    private static bool TryIndex(ReadOnlySpan<char> indices, ref DataType type, ref ulong offset)
    {
        while (!indices.IsEmpty)
        {
            int end = indices.IndexOf(']');
            if (indices[0] != '[' || end < 0 || type is not ArrayType array
                || !ulong.TryParse(indices[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out ulong index)
                || (array.Count != 0 && index >= array.Count))
            {
                return false;
            }

            offset += index * array.Element.SizeBytes;
            type = array.Element;
            indices = indices[(end + 1)..];
        }

        return true;
    }

    private bool TryFindDirect(ReadOnlySpan<byte> name, ref int budget, out MemberLocation found)
    {
        foreach (var member in Members)
        {
            if (--budget < 0)
            {
                break;
            }

            if (member.IsNamed(name))
            {
                found = new MemberLocation("", member.OffsetBytes, member.Type, member.BitOffset, member.BitCount);
                return true;
            }

            // A search as deep as the budget would need a stack as deep.
            if (member.IsNameless && member.Type is StructureType inner && (budget -= LongestSearch / 32) > 0
                && inner.TryFindDirect(name, ref budget, out found))
            {
                found = found with { OffsetBytes = member.OffsetBytes + found.OffsetBytes };
                return true;
            }
        }

        found = default;
        return false;
    }
}
