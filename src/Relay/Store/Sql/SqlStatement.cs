using System.Data.Common;

namespace Relay.Store.Sql;

/// <summary>A prepared command, bound again and again.</summary>
internal sealed class SqlStatement(DbCommand command, bool prepared) : IDisposable
{
    private DbParameter[]? _parameters;

    public DbCommand Bind(ReadOnlySpan<(string Name, object? Value)> values)
    {
        var first = prepared && _parameters is null;
        var parameters = _parameters ??= Declare(values);
        if (values.Length != parameters.Length)
        {
            throw new InvalidOperationException($"{parameters.Length} parameters expected: {command.CommandText}");
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (!ReferenceEquals(parameters[i].ParameterName, values[i].Name) && parameters[i].ParameterName != values[i].Name)
            {
                throw new InvalidOperationException($"Parameter {parameters[i].ParameterName} expected: {command.CommandText}");
            }

            parameters[i].Value = values[i].Value ?? DBNull.Value;
        }

        if (first)
        {
            command.Prepare();
        }

        return command;
    }

    public void Dispose() => command.Dispose();

    private DbParameter[] Declare(ReadOnlySpan<(string Name, object? Value)> values)
    {
        var parameters = new DbParameter[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = values[i].Name;
            command.Parameters.Add(parameter);
            parameters[i] = parameter;
        }

        return parameters;
    }
}
