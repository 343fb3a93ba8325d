using System.Globalization;
using System.Text;

namespace RiscvXv6.Benchmarks.Packets;

/// <summary>
/// A picture in SVG, of lines, rectangles and words: small enough to be read as a diff, the same bytes for the same figures, and legible on a
/// light page and on a dark one.
/// </summary>
internal sealed class SvgCanvas(int width, int height)
{
    private readonly StringBuilder _body = new();

    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1) => Append(
        $"""<line x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}" stroke="{colour}" stroke-width="{thickness}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string colour, bool isDashed)
    {
        string joined = string.Join(' ', points.Select(static point => Text($"{point.X:0.#},{point.Y:0.#}")));
        string dash = isDashed ? " stroke-dasharray=\"6 4\"" : "";
        Append($"""<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>""");
    }

    public void Dot(double x, double y, string colour) => Append($"""<circle cx="{x:0.#}" cy="{y:0.#}" r="3" fill="{colour}"/>""");

    public void Box(double x, double y, double boxWidth, double boxHeight, string colour, string title) => Append(
        $"""<rect x="{x:0.#}" y="{y:0.#}" width="{boxWidth:0.#}" height="{boxHeight:0.#}" fill="{colour}"><title>{title}</title></rect>""");

    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>: which part of the words is at x.</param>
    public void Words(double x, double y, string words, string anchor = "start", bool isBold = false)
    {
        string weight = isBold ? " font-weight=\"bold\"" : "";
        Append($"""<text x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}"{weight}>{words}</text>""");
    }

    public string Render() => Text(
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
        <style>text {"{ fill: #333 } rect.page { fill: #fff }"} @media (prefers-color-scheme: dark) {"{ text { fill: #ddd } rect.page { fill: #1a1a1a } }"}</style>
        <rect class="page" width="{width}" height="{height}"/>
        {_body}</svg>

        """);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Append(FormattableString element) => _body.Append(Text(element)).Append('\n');
}
