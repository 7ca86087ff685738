using System.Security.Cryptography;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IIdentityTable"/>
internal sealed class IdentityTable(SqlSession session) : IIdentityTable
{
    private const int SigningKeyOctets = 32;
    private const int GuidOctets = 16;

    private const string EstablishRow = """
        INSERT INTO identity (id, log_id, signing_key) VALUES (1, @log, @key) ON CONFLICT (id) DO NOTHING
        """;

    private const string SelectLogId = "SELECT log_id FROM identity WHERE id = 1";
    private const string SelectSigningKey = "SELECT signing_key FROM identity WHERE id = 1";

    public Guid LogId => new(session.First(SelectLogId, static row => row.Octets(0)) ?? throw Missing());

    public byte[] SigningKey => session.First(SelectSigningKey, static row => row.Octets(0)) ?? throw Missing();

    /// <summary>Gives the database its identity if it has none yet.</summary>
    public static void Establish(SqlSession session) => session.Execute(
        EstablishRow,
        ("@log", RandomNumberGenerator.GetBytes(GuidOctets)),
        ("@key", RandomNumberGenerator.GetBytes(SigningKeyOctets)));

    private static StoreUnavailableException Missing() => new(StoreFault.Damaged, "The database has lost its identity row.");
}
