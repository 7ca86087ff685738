using System.Buffers;
using System.Text;
using Relay.Inbound;

namespace Relay.Tests.Inbound;

/// <summary>However a mail is cut on its way, its header is taken whole and its body not touched.</summary>
public sealed class IncomingHeaderTests
{
    public static TheoryData<string, string, string> Mails => new()
    {
        { "a header and a body", "Received: x\r\nReturn-Path: <a@b>\r\nMessage-ID: <1@c>\r\n\r\nbody\r\n\r\nmore\r\n", "Received: x\r\nMessage-ID: <1@c>\r\n\r\n" },
        { "no body", "Received: x\r\nReturn-Path: <a@b>\r\n", "Received: x\r\n" },
        { "a header that does not end its last line", "Received: x\r\nReturn-Path: <a@b>", "Received: x\r\n" },
        { "an empty body", "Received: x\r\n\r\n", "Received: x\r\n\r\n" },
        { "nothing", "", "" },
        { "no header, and a body that looks like one", "\r\nReturn-Path: <a@b>\r\n\r\nmore\r\n", "\r\n" },
        { "no header and no body", "\r\n", "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Mails))]
    public void The_header_is_the_same_in_whatever_pieces_it_comes(string why, string mail, string left)
    {
        byte[] octets = Encoding.ASCII.GetBytes(mail);
        for (int size = 1; size <= octets.Length + 1; size++)
        {
            var header = new IncomingHeader();
            var body = new ArrayBufferWriter<byte>();
            foreach (var piece in octets.Chunk(size))
            {
                foreach (var part in header.IsComplete ? new ReadOnlySequence<byte>(piece) : header.Take(new ReadOnlySequence<byte>(piece)))
                {
                    body.Write(part.Span);
                }
            }

            Assert.Equal(mail, Encoding.ASCII.GetString(header.AsItCame().Span) + Encoding.ASCII.GetString(body.WrittenSpan));
            Assert.True("Return-Path: <me@x>\r\n" + left == Encoding.ASCII.GetString(header.Stamped("me@x").Span), $"{why}, {size} octets at once");
        }
    }

    [Fact]
    public void A_header_without_end_is_held_up_to_64_KiB()
    {
        var header = new IncomingHeader();
        byte[] line = Encoding.ASCII.GetBytes("X: 34567890123456789012345678901\r\n");
        long body = 0;
        for (int i = 0; i < 4_000; i++)
        {
            body += header.IsComplete ? line.Length : header.Take(new ReadOnlySequence<byte>(line)).Length;
        }

        Assert.Equal((true, 64 * 1024), (header.IsComplete, header.AsItCame().Length));
        Assert.Equal((4_000L * line.Length) - (64 * 1024), body);
    }
}
