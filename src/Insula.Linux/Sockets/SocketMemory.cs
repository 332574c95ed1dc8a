namespace Insula.Linux.Sockets;

/// <summary>Bytes that the sockets of a network namespace hold in buffers, with what the kernel needs around the data.</summary>
/// <param name="TcpSend">Of TCP sockets, waiting to be sent or acknowledged.</param>
/// <param name="TcpReceive">Of TCP sockets, waiting to be read.</param>
/// <param name="OtherSend">Of UDP, UNIX and other sockets: sent and not taken by the receiver yet.</param>
/// <param name="DatagramReceive">Of UDP and other datagram sockets, waiting to be read.</param>
public readonly record struct SocketMemory(long TcpSend, long TcpReceive, long OtherSend, long DatagramReceive)
{
    public static SocketMemory operator +(SocketMemory left, SocketMemory right) => left.Add(right);

    /// <summary>The sum of both.</summary>
    public SocketMemory Add(SocketMemory other) => new(
        TcpSend + other.TcpSend, TcpReceive + other.TcpReceive, OtherSend + other.OtherSend, DatagramReceive + other.DatagramReceive);
}
