using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Relay.Smtp.Sockets;

/// <summary>epoll(7) of the Linux kernel: which of many sockets have something to read, or room to write.</summary>
internal static class Epoll
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int Add = 1;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Octets of one event.</summary>
    public static int EventOctets => DataAt + sizeof(long);

    /// <exception cref="Win32Exception">The kernel gives no descriptor.</exception>
    public static int Create() => Checked(EpollCreate(CloseOnExec));

    /// <exception cref="Win32Exception">The kernel gives no descriptor.</exception>
    public static int CreateWaker() => Checked(EventDescriptor(0, CloseOnExec));

    /// <summary>Tells of what becomes ready from now on, and at once of what is; until the socket is closed.</summary>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public static void Register(int epoll, int socket, uint events, long id)
    {
        var octets = new byte[EventOctets];
        BinaryPrimitives.WriteUInt32LittleEndian(octets, events);
        BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(DataAt), id);
        Checked(EpollControl(epoll, Add, socket, octets));
    }

    /// <summary>Waits for at least one event; 0 when a signal came between.</summary>
    /// <exception cref="Win32Exception">The descriptor is none.</exception>
    public static int Wait(int epoll, byte[] events)
    {
        var count = EpollWait(epoll, events, events.Length / EventOctets, -1);
        return count >= 0 || Marshal.GetLastPInvokeError() != Interrupted ? Checked(count) : 0;
    }

    public static (uint Events, long Id) Read(byte[] events, int index)
    {
        var octets = events.AsSpan(index * EventOctets);
        return (BinaryPrimitives.ReadUInt32LittleEndian(octets), BinaryPrimitives.ReadInt64LittleEndian(octets[DataAt..]));
    }

    public static void Wake(int waker) => Checked((int)Write(waker, BitConverter.GetBytes(1L), sizeof(long)));

    public static void Close(int descriptor) => Checked(CloseDescriptor(descriptor));

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollControl(int epoll, int operation, int descriptor, [In] byte[] value);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EpollWait(int epoll, [Out] byte[] events, int most, int milliseconds);

    [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EventDescriptor(uint value, int flags);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, [In] byte[] value, nint count);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);
}
