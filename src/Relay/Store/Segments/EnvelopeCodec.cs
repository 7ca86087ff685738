using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Relay.Store.Segments;

/// <summary>
/// All of a spooled mail but its content, as a record holds it: the version, then numbers of 8 octets and texts, each a length of 4 octets (-1
/// for null) and UTF-8. Version 2 has what the sender wants to be told behind all that version 1 has; most mails have nothing of it.
/// </summary>
internal static class EnvelopeCodec
{
    private const byte Version = 1;
    private const byte VersionWithWishes = 2;
    private const int Null = -1;

    public static void Write(NewSpooledMail mail, IBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = mail.Wishes is null ? Version : VersionWithWishes;
        output.Advance(1);
        Write(Milliseconds(mail.ReceivedAt), output);
        Write(mail.MailId, output);
        Write(mail.ReversePath, output);
        Write(mail.Recipients.Count, output);
        foreach (var recipient in mail.Recipients)
        {
            Write(recipient, output);
        }

        Write(mail.Origin.Via, output);
        Write(mail.Origin.ClientAddress, output);
        Write(mail.Origin.HelloName, output);
        Write(mail.Origin.Tls ? 1L : 0L, output);
        Write(mail.Origin.Account, output);
        if (mail.Wishes is { } wishes)
        {
            Write(wishes.Write(), output);
        }
    }

    /// <exception cref="InvalidDataException">A later relay wrote it, in a way that this one does not know.</exception>
    public static NewSpooledMail Read(ReadOnlySpan<byte> envelope, MailContent content)
    {
        if (envelope.IsEmpty || envelope[0] is not (Version or VersionWithWishes))
        {
            throw new InvalidDataException("The record was written by another version of the relay.");
        }

        bool hasWishes = envelope[0] == VersionWithWishes;
        envelope = envelope[1..];
        var receivedAt = DateTimeOffset.FromUnixTimeMilliseconds(ReadNumber(ref envelope));
        var mailId = ReadText(ref envelope) ?? "";
        var reversePath = ReadText(ref envelope);
        var recipients = new string[ReadNumber(ref envelope)];
        for (var i = 0; i < recipients.Length; i++)
        {
            recipients[i] = ReadText(ref envelope) ?? "";
        }

        var origin = new MailOrigin(
            ReadText(ref envelope) ?? "", ReadText(ref envelope), ReadText(ref envelope), ReadNumber(ref envelope) != 0, ReadText(ref envelope));
        return new NewSpooledMail(receivedAt, mailId, reversePath, recipients, origin, content)
        {
            Wishes = hasWishes ? ReportWishes.Read(ReadText(ref envelope)) : null,
        };
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static void Write(long number, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), number);
        output.Advance(sizeof(long));
    }

    private static void Write(string? text, IBufferWriter<byte> output)
    {
        var octets = text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        var span = output.GetSpan(sizeof(int) + octets);
        BinaryPrimitives.WriteInt32LittleEndian(span, text is null ? Null : octets);
        Encoding.UTF8.GetBytes(text, span[sizeof(int)..]);
        output.Advance(sizeof(int) + octets);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> envelope)
    {
        var number = BinaryPrimitives.ReadInt64LittleEndian(envelope);
        envelope = envelope[sizeof(long)..];
        return number;
    }

    private static string? ReadText(ref ReadOnlySpan<byte> envelope)
    {
        var octets = BinaryPrimitives.ReadInt32LittleEndian(envelope);
        envelope = envelope[sizeof(int)..];
        if (octets == Null)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(envelope[..octets]);
        envelope = envelope[octets..];
        return text;
    }
}
