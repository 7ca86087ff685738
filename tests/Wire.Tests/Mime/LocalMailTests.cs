using System.Text;
using Relay.Wire.Mime;

namespace Relay.Wire.Tests.Mime;

/// <summary>Mail as pipes give it.</summary>
public sealed class LocalMailTests
{
    [Theory]
    [InlineData("lines of a Unix pipe", "Subject: x\n\nbody\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("lines of the wire stay", "Subject: x\r\n\r\nbody\r\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("both in one mail", "Subject: x\r\n\nbody\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("no end of the last line", "Subject: x\n\nbody", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("a header alone", "Subject: x\n", "Subject: x\r\n")]
    [InlineData("mbox's line is no field", "From app@b.example Sat Nov 21 10:00:00 2026\nSubject: x\n\nbody\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("nor is its quoted form", ">From app@b.example\nSubject: x\n\nbody\n", "Subject: x\r\n\r\nbody\r\n")]
    [InlineData("From in the body stays", "Subject: x\n\nFrom here on\n>From there\n", "Subject: x\r\n\r\nFrom here on\r\n>From there\r\n")]
    [InlineData("a blank before the colon, as of old", "Subject : x\n\nb\n", "Subject : x\r\n\r\nb\r\n")]
    [InlineData("a CR alone is content", "Subject: x\n\na\rb\n", "Subject: x\r\n\r\na\rb\r\n")]
    public void Lines_end_as_on_the_wire(string why, string piped, string content) =>
        Assert.True(content == Text(Read(piped)!.Content), why);

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("an empty line", "\n")]
    [InlineData("text without a colon", "hello\nworld\n")]
    [InlineData("a sentence that has a colon later", "hello there: world\n")]
    [InlineData("a colon first", ": x\n\nbody\n")]
    [InlineData("a body without a header", "\nSubject: x\n")]
    [InlineData("only mbox's line", "From app@b.example Sat Nov 21 10:00:00 2026\n")]
    [InlineData("XML", "<?xml version=\"1.0\"?><a xmlns=\"urn:x\"/>\n")]
    public void What_has_no_header_is_no_mail(string why, string piped) => Assert.True(Read(piped) is null, why);

    [Theory]
    [InlineData("Return-Path is what the last server wrote", "Return-Path: <a@b.example>\nFrom: c@d.example\n\n", "a@b.example")]
    [InlineData("a null Return-Path is a bounce", "Return-Path: <>\nFrom: c@d.example\n\n", null)]
    [InlineData("Postfix's name for nobody", "Return-Path: <MAILER-DAEMON>\nFrom: c@d.example\n\n", null)]
    [InlineData("Return-Path before mbox's line", "From x@y.example Sat Nov 21 10:00:00 2026\nReturn-Path: <a@b.example>\n\n", "a@b.example")]
    [InlineData("mbox's line before the author", "From x@y.example Sat Nov 21 10:00:00 2026\nFrom: c@d.example\n\n", "x@y.example")]
    [InlineData("mbox's line of a bounce", "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nFrom: c@d.example\n\n", null)]
    [InlineData("the author, where nobody says more", "From: Ann <c@d.example>\n\n", "c@d.example")]
    [InlineData("the first author of several", "From: c@d.example, e@f.example\n\n", "c@d.example")]
    [InlineData("nobody at all", "Subject: x\n\n", null)]
    public void The_envelope_sender_is_found_in_the_mail(string why, string piped, string? sender) =>
        Assert.True(sender == Read(piped)!.ReversePath(), why);

    private static LocalMail? Read(string text) => LocalMail.Read(Encoding.Latin1.GetBytes(text));

    private static string Text(ReadOnlyMemory<byte> octets) => Encoding.Latin1.GetString(octets.Span);
}
