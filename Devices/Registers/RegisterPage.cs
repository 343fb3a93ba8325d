using System.Globalization;
using System.Text;
using RiscvXv6.Devices.Bus;

namespace RiscvXv6.Devices.Registers;

/// <summary>A device's page in docs/devices, made from its register table.</summary>
/// <param name="Title">The page's heading.</param>
/// <param name="Introduction">What the device is, in a sentence or two of Markdown.</param>
/// <param name="Table">The registers.</param>
/// <param name="Deviations">Where the model departs from the documents that the table cites, and why.</param>
public sealed record RegisterPage(
    string Title,
    string Introduction,
    RegisterTable Table,
    IReadOnlyList<string> Deviations)
{
    public string FileName => $"{Table.DeviceName}.md";

    /// <summary>The page as Markdown with line feeds.</summary>
    public string Render()
    {
        var page = new StringBuilder();
        page.Append("<!-- Made from the register table by the tests: see RegisterPageTests. -->\n");
        page.Append(CultureInfo.InvariantCulture, $"# {Title}\n\n{Introduction}\n\n## Registers\n\n");
        bool hasBanks = Table.Rows.Any(static row => row.Bank > 0);
        page.Append("| Offset | Name | Bytes | Access | Reset | Write mask | What it is | Source |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in Table.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {Offset(row, hasBanks)} | {row.Name} | {Bytes(row)} ");
            page.Append(CultureInfo.InvariantCulture, $"| {row.Access.Abbreviation()} | {Hex(row, row.Reset)} ");
            page.Append(CultureInfo.InvariantCulture, $"| {(row.Access.IsWritable() ? Hex(row, row.WriteMask) : "")} ");
            page.Append(CultureInfo.InvariantCulture, $"| {row.Summary} | {row.Section} |\n");
        }

        page.Append("\n## Deviations\n\n");
        foreach (string deviation in Deviations)
        {
            page.Append(CultureInfo.InvariantCulture, $"- {deviation}\n");
        }

        if (Deviations.Count == 0)
        {
            page.Append("None known.\n");
        }

        return page.ToString();
    }

    private static string Offset(RegisterSpec row, bool hasBanks)
    {
        string groups = row.GroupCount > 1 ? $" + 0x{row.GroupStrideBytes:x}·g (g < {row.GroupCount})" : "";
        string elements = row.Count > 1 ? $" + 0x{row.ElementStrideBytes:x}·n (n < {row.Count})" : "";
        string bank = hasBanks && row.Bank != RegisterSpec.AnyBank ? $" (bank {row.Bank})" : "";
        return $"0x{row.Offset:x}{groups}{elements}{bank}";
    }

    private static string Bytes(RegisterSpec row)
    {
        var widths = new[] { 1, 2, 4, 8 }.Where(row.Accepts);
        return row.Widths switch
        {
            0 => $"{row.WidthBytes}",
            AccessWidths.Any => $"{row.WidthBytes} (any access)",
            _ => $"{row.WidthBytes} (accesses of {string.Join(", ", widths)})",
        };
    }

    private static string Hex(RegisterSpec row, ulong value) =>
        value == 0 ? "0" : "0x" + value.ToString("x" + 2 * row.WidthBytes, CultureInfo.InvariantCulture);
}
