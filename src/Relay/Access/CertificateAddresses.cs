using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Wire.Smtp;

namespace Relay.Access;

/// <summary>The mail addresses that a certificate is made out to (RFC 8550 §3): those among its alternative names, and emailAddress in the subject.</summary>
internal static class CertificateAddresses
{
    private const string EmailAddress = "1.2.840.113549.1.9.1";

    // RFC 5280 §4.2.1.6: [1] of GeneralName is a mail address.
    private static readonly Asn1Tag MailName = new(TagClass.ContextSpecific, 1);

    public static IReadOnlyList<MailAddress> Of(X509Certificate2 certificate)
    {
        var addresses = new List<MailAddress>();
        foreach (string text in AlternativeNames(certificate).Concat(SubjectNames(certificate)))
        {
            if (MailAddress.TryParse(text, out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private static List<string> AlternativeNames(X509Certificate2 certificate)
    {
        var names = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            try
            {
                var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (sequence.HasData)
                {
                    if (sequence.PeekTag().HasSameClassAndValue(MailName))
                    {
                        names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, MailName));
                    }
                    else
                    {
                        sequence.ReadEncodedValue();
                    }
                }
            }
            catch (AsnContentException)
            {
                return []; // names that cannot be read name nobody
            }
        }

        return names;
    }

    private static List<string> SubjectNames(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false)
                .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == EmailAddress)
                .Select(name => name.GetSingleElementValue()).OfType<string>()];
        }
        catch (CryptographicException)
        {
            return []; // a subject that is no DER names nobody either; who it does not prove is refused, and that is logged
        }
    }
}
