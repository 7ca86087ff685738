using System.Text;
using System.Xml;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Benchmarks.Wire;

/// <summary>A 2 KiB SOAP mail from octets to the envelope's octets, and back; MimeKit 4.17 takes 5.5 to 19 µs and 15 to 25 KB for
/// reading these, 15 to 20 µs and 22 to 30 KB for composing.</summary>
internal static class MimeBenchmarks
{
    public static IEnumerable<Benchmark> All()
    {
        var envelope = SampleMail.Envelope;
        foreach (var encoding in new[] { "7bit", "quoted-printable", "base64" })
        {
            var mail = SampleMail.Flat(encoding);
            var body = SampleMail.Encoded(encoding);
            yield return new Benchmark("mime.read." + encoding, () => Read(mail), () => PlainCodec.Read(mail, body, encoding), encoding == "7bit" ? 0 : envelope.Length);
        }

        var mixed = SampleMail.Mixed();
        var part = SampleMail.Encoded("base64");
        yield return new Benchmark("mime.read.mixed", () => Read(mixed), () => PlainCodec.Read(mixed, part, "base64"), envelope.Length);

        foreach (var layout in Enum.GetValues<SoapLayout>())
        {
            var mail = Answer(envelope, layout);
            var octets = MailBinding.Compose(mail);
            var header = octets[..octets.AsSpan().IndexOf("\r\n\r\n"u8)];
            yield return new Benchmark(
                "mime.write." + layout.ToString().ToLowerInvariant(), () => MailBinding.Compose(mail), () => PlainCodec.Write(envelope, header), octets.Length);
        }

        var xml = Encoding.UTF8.GetString(envelope);
        var base64 = SampleMail.Flat("base64");
        yield return new Benchmark("soap.read", () => SoapReader.Read(envelope, "utf-8", SoapLimits.Default), () => XmlPass(xml), 0);
        yield return new Benchmark("mime.read.base64/xmlreader", () => Read(base64), () => XmlPass(xml), envelope.Length);
    }

    private static SoapMailRequest Read(byte[] mail)
    {
        var root = ((MimeReadResult.Read)MimeReader.Read(mail, MimeLimits.Default)).Root;
        return ((SoapMailReadResult.Found)MailBinding.Read(root, MimeLimits.Default)).Request;
    }

    private static XmlReader XmlPass(string xml)
    {
        using var reader = XmlReader.Create(new StringReader(xml));
        while (reader.Read())
        {
        }

        return reader;
    }

    private static SoapMail Answer(byte[] envelope, SoapLayout layout) => new()
    {
        From = Address("ews@gateway.example"),
        FromName = "EWS",
        To = Address("app@branch.example"),
        Subject = "Re: Subscribe",
        MessageId = "<0197c1d2e3f4a5b6c7d8e9f0@gateway.example>",
        InReplyTo = "<7f0c1d2e3a4b@branch.example>",
        References = ["<7f0c1d2e3a4b@branch.example>"],
        Date = new DateTimeOffset(2026, 11, 21, 18, 0, 0, TimeSpan.Zero),
        AutoSubmitted = "auto-replied",
        Layout = layout,
        MediaType = "text/xml",
        Envelope = envelope,
    };

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
