namespace RiscvXv6.Devices.Net.UserNet;

/// <summary>What the machine's side of a <see cref="SocketDoor"/> knows of a flow or listener.</summary>
/// <param name="Number">As the user network calls it.</param>
/// <param name="Identity">As the messages call it: a number that no other flow of the run ever had.</param>
internal sealed record SocketDoorFlow(int Number, int Identity)
{
    /// <summary>Null for flows of other kinds, and in a replay.</summary>
    public SocketDoorConnection? Connection { get; init; }

    /// <summary>Null for flows of other kinds, and in a replay.</summary>
    public SocketDoorDatagrams? Datagrams { get; init; }

    /// <summary>Null for flows of other kinds, and in a replay.</summary>
    public SocketDoorEcho? Echo { get; init; }

    /// <summary>Null for flows of other kinds, and in a replay.</summary>
    public SocketDoorListener? Listener { get; init; }

    /// <summary>A connection, under way or made.</summary>
    public bool IsTcp { get; init; }

    /// <summary>A port that was reserved.</summary>
    public bool IsListener { get; init; }

    /// <summary>The guest sent something that nobody has answered yet.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The guest's side sends no more.</summary>
    public bool HasGuestEnded { get; set; }

    /// <summary>The host's side sends no more.</summary>
    public bool HasHostEnded { get; set; }

    /// <summary>
    /// Tells when a query has gone unanswered for long enough; null until the first, and in a replay.
    /// </summary>
    public Timer? Patience { get; set; }
}
