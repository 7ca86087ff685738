using System.Data.Common;

namespace Relay.Store.Sql;

/// <inheritdoc cref="IConfirmationTable"/>
internal sealed class ConfirmationTable(SqlSession session) : IConfirmationTable
{
    private const string InsertRequest = """
        INSERT INTO confirmation (asked_at, address, network, service, mail_id, reverse_path, client_address, mail)
        VALUES (@asked, @address, @network, @service, @mailId, @path, @client, @mail)
        RETURNING id
        """;

    private const string SelectRequest = """
        SELECT asked_at, address, network, service, mail_id, reverse_path, client_address, mail FROM confirmation
        WHERE id = @id AND asked_at >= @since AND mail IS NOT NULL
        """;

    private const string SettleRequest = "UPDATE confirmation SET mail = NULL WHERE id = @id AND mail IS NOT NULL";

    private const string CountAddress = "SELECT count(*) FROM confirmation WHERE address = @address AND asked_at >= @since";

    private const string CountNetwork = "SELECT count(*) FROM confirmation WHERE network = @network AND asked_at >= @since";

    private const string CountAll = "SELECT count(*) FROM confirmation WHERE asked_at >= @since";

    private const string DeleteOld = """
        DELETE FROM confirmation WHERE id IN (SELECT id FROM confirmation WHERE asked_at < @before ORDER BY asked_at LIMIT @most)
        """;

    public long Add(ParkedRequest request) => session.Number(
        InsertRequest,
        ("@asked", Instant.Of(request.AskedAt)),
        ("@address", request.Address),
        ("@network", request.Network),
        ("@service", request.Service),
        ("@mailId", request.MailId),
        ("@path", request.ReversePath),
        ("@client", request.ClientAddress),
        ("@mail", Blob.Of(request.Octets))) ?? throw new InvalidOperationException("An inserted row has an id.");

    public ParkedRequest? Find(long id, DateTimeOffset since) =>
        session.First(SelectRequest, Read, ("@id", id), ("@since", Instant.Of(since)));

    public bool Settle(long id) => session.Execute(SettleRequest, ("@id", id)) > 0;

    public int CountOfAddress(string address, DateTimeOffset since) =>
        (int)(session.Number(CountAddress, ("@address", address), ("@since", Instant.Of(since))) ?? 0);

    public int CountOfNetwork(string network, DateTimeOffset since) =>
        (int)(session.Number(CountNetwork, ("@network", network), ("@since", Instant.Of(since))) ?? 0);

    public int Count(DateTimeOffset since) => (int)(session.Number(CountAll, ("@since", Instant.Of(since))) ?? 0);

    public int Purge(DateTimeOffset askedBefore, int atMost) =>
        session.Execute(DeleteOld, ("@before", Instant.Of(askedBefore)), ("@most", (long)atMost));

    private static ParkedRequest Read(DbDataReader row) => new(
        row.GetInstant(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        row.TextOrNull(5),
        row.TextOrNull(6),
        row.Octets(7));
}
