using System.Text.Json;
using RiscvXv6.Devices.E1000;
using RiscvXv6.Devices.Net;
using RiscvXv6.Devices.Timing;
using RiscvXv6.Emulator.Cli.Options;

namespace RiscvXv6.Emulator.Cli.Network;

/// <summary><c>--net-report</c>: each card's <see cref="NetReport"/>, with its first packets' own accounts, as a JSON file at the end of the run.</summary>
internal sealed class NetworkReport : IDisposable
{
    /// <summary>Packets of each card that are accounted for one by one.</summary>
    public const int PacketsMax = 100_000;

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private readonly FileStream _file;
    private readonly Dictionary<string, PacketRecorder> _recorders = [];

    /// <param name="path">Written anew.</param>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public NetworkReport(string path) => _file = PacketFiles.OpenFile("--net-report", path);

    /// <summary>Takes the accounts of a card's packets.</summary>
    public IPacketObserver Observe(string card) => _recorders[card] = new PacketRecorder(PacketsMax);

    /// <summary>Writes it.</summary>
    /// <param name="cards">With what went over their cables; null for one without.</param>
    /// <param name="clock">The machine's.</param>
    /// <param name="notice">Told if the file can't be written.</param>
    public void Write(IEnumerable<(E1000 Card, LinkStatistics? Link)> cards, IGuestClock clock, Action<string> notice)
    {
        var report = new
        {
            Cards = cards.Select(pair => new
            {
                Report = NetReport.Of(pair.Card, clock, _recorders[pair.Card.Name]),
                PacketsOmitted = _recorders[pair.Card.Name].Omitted,
                Netdev = pair.Link?.Name,
                Cable = pair.Link?.Rows().ToDictionary(static row => row.Name.Replace(' ', '_'), static row => row.Value),
            }).ToArray(),
        };
        try
        {
            JsonSerializer.Serialize(_file, report, Format);
            _file.Write("\n"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            notice($"--net-report: {_file.Name}: can't be written: {HostError.Reason(e)}");
        }
    }

    public void Dispose() => _file.Dispose();
}
