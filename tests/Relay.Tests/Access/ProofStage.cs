using System.Text;
using Relay.Access;
using Relay.Intake;
using Relay.Store;
using Relay.Wire.Mime;
using Relay.Wire.Smtp;
using Relay.Wire.Soap;

namespace Relay.Tests.Access;

/// <summary>One subscriber entry, app@branch.example, and mails that want to be it; judged as Intake judges them.</summary>
internal static class ProofStage
{
    public const string Envelope = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a/></s:Body></s:Envelope>";

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static SubscriberEntry Entry(Proof proof) => new()
    {
        Name = "branch",
        Addresses = [new AddressPattern("*@branch.example")],
        Mailboxes = [AddressPattern.Any],
        Operations = new HashSet<string>(),
        Proof = proof,
    };

    public static MailOrigin Origin(string via = MailOrigin.Smtp, string? client = "192.0.2.1", string? account = null) => new(via, client, "c.example", false, account);

    public static Identity? Identify(SubscriberEntry entry, string mail, MailOrigin? origin = null) => Judge(entry, mail, origin).Identity;

    public static (RequestReading Reading, Identity? Identity) Judge(SubscriberEntry entry, string mail, MailOrigin? origin = null)
    {
        byte[] octets = Encoding.Latin1.GetBytes(mail.ReplaceLineEndings("\r\n"));
        var spooled = new SpooledMail(
            1, Now, "m1@gateway.example", "bounce@else.example", ["ews@localhost"], origin ?? Origin(), new MailContent.Inline(octets), 1);
        var policy = new AccessPolicy(new AccessOptions { Subscribers = [entry], IsDefault = false }, MimeLimits.Default);
        return new RequestIdentity(policy, MimeLimits.Default, SoapLimits.Default)
            .Of(IncomingMail.Read(spooled, octets, MimeLimits.Default), new ServiceAddress(Address("ews@localhost"), ServiceKind.Ews));
    }

    public static MailAddress Address(string text) =>
        MailAddress.TryParse(text, out var address) ? address : throw new FormatException(text);
}
