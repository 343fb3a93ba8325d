using System.Collections;

namespace RiscvXv6.Guest.Xv6Fs;

/// <summary>Collects findings, and only counts them once there are too many.</summary>
internal sealed class FsFindings : ICollection<FsFinding>
{
    private readonly List<FsFinding> _kept = [];

    public int Total { get; private set; }

    public int Errors { get; private set; }

    public int Warnings { get; private set; }

    public int Count => _kept.Count;

    public bool IsReadOnly => false;

    /// <summary>True while findings are kept, so that there is use in wording them.</summary>
    public bool HasRoom => _kept.Count < FsReport.MostFindings;

    public void Add(FsFinding item)
    {
        Tally(item.Kind);
        if (HasRoom)
        {
            _kept.Add(item);
        }
    }

    /// <summary>Counts one that is not kept.</summary>
    public void Tally(FsFindingKind kind)
    {
        Total++;
        var severity = FsFindingKinds.Of(kind).Severity;
        Errors += severity == FsSeverity.Error ? 1 : 0;
        Warnings += severity == FsSeverity.Warning ? 1 : 0;
    }

    public void Clear() => throw new NotSupportedException();

    public bool Contains(FsFinding item) => _kept.Contains(item);

    public void CopyTo(FsFinding[] array, int arrayIndex) => _kept.CopyTo(array, arrayIndex);

    public bool Remove(FsFinding item) => throw new NotSupportedException();

    public IEnumerator<FsFinding> GetEnumerator() => _kept.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
