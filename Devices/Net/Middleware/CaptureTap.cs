namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>A capture of a link.</summary>
/// <param name="Writer">Where the frames go; closed with the link.</param>
/// <param name="Directions">Which of them.</param>
public sealed record CaptureTap(ICaptureWriter Writer, CaptureDirections Directions = CaptureDirections.Both);
