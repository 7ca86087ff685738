using System.Buffers;
using System.Text;

namespace Relay.Wire.Mime;

/// <summary>Reads tokens, quoted strings and comments from an unfolded field value.</summary>
internal ref struct HeaderScanner(ReadOnlySpan<char> text)
{
    // RFC 2045 §5.1: tspecials end a token; so do spaces and controls.
    private static readonly SearchValues<char> TokenEnds = SearchValues.Create("()<>@,;:\\\"/[]?= \t\r\n\0");

    private ReadOnlySpan<char> _rest = text;

    /// <summary>What is still to be read.</summary>
    public readonly ReadOnlySpan<char> Rest => _rest;

    /// <summary>Skips spaces and comments (RFC 5322 §3.2.2: comments nest and may hold quoted pairs).</summary>
    public void SkipComments()
    {
        // Everything that is skipped lies at or below "(" in ASCII, and most of what is not lies above.
        while (!_rest.IsEmpty && _rest[0] <= '(')
        {
            _rest = _rest.TrimStart(" \t\r\n");
            if (_rest.IsEmpty || _rest[0] != '(')
            {
                return;
            }

            SkipComment();
        }
    }

    /// <summary>Goes on by this many characters.</summary>
    public void Skip(int count) => _rest = _rest[count..];

    /// <summary>Takes this character if it comes next.</summary>
    public bool Take(char wanted)
    {
        SkipComments();
        if (_rest.IsEmpty || _rest[0] != wanted)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    /// <summary>The next token; empty when something else comes next.</summary>
    public ReadOnlySpan<char> Token()
    {
        SkipComments();
        var end = _rest.IndexOfAny(TokenEnds);
        var token = end < 0 ? _rest : _rest[..end];
        _rest = _rest[token.Length..];
        return token;
    }

    /// <summary>A parameter's value: quoted, or everything up to the next semicolon or space.</summary>
    // Many programs leave values unquoted that hold "/", ":" or "="; nothing else can be meant, so they are read.
    public string Value()
    {
        SkipComments();
        if (!_rest.IsEmpty && _rest[0] == '"')
        {
            return Quoted();
        }

        var end = _rest.IndexOfAny("; \t\r\n");
        var value = end < 0 ? _rest : _rest[..end];
        _rest = _rest[value.Length..];
        return value.ToString();
    }

    /// <summary>The content of the quoted string that comes next, without quotes and backslashes; one that is not closed ends at the end.</summary>
    public string Quoted()
    {
        _rest = _rest[1..];
        var end = _rest.IndexOfAny('"', '\\');
        if (end < 0 || _rest[end] == '"')
        {
            var plain = (end < 0 ? _rest : _rest[..end]).ToString();
            _rest = end < 0 ? default : _rest[(end + 1)..];
            return plain;
        }

        return QuotedWithPairs();
    }

    /// <summary>Goes on behind the next semicolon, outside quotes; false at the end.</summary>
    public bool SkipToNextParameter()
    {
        while (true)
        {
            SkipComments();
            if (_rest.IsEmpty)
            {
                return false;
            }

            var found = _rest[0];
            if (found == '"')
            {
                Quoted();
                continue;
            }

            _rest = _rest[1..];
            if (found == ';')
            {
                return true;
            }
        }
    }

    private string QuotedWithPairs()
    {
        var content = new StringBuilder();
        var i = 0;
        for (; i < _rest.Length && _rest[i] != '"'; i++)
        {
            if (_rest[i] == '\\' && i + 1 < _rest.Length)
            {
                i++;
            }

            content.Append(_rest[i]);
        }

        _rest = _rest[Math.Min(i + 1, _rest.Length)..];
        return content.ToString();
    }

    private void SkipComment()
    {
        var depth = 0;
        for (var i = 0; i < _rest.Length; i++)
        {
            switch (_rest[i])
            {
                case '\\':
                    i++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when --depth == 0:
                    _rest = _rest[(i + 1)..];
                    return;
            }
        }

        _rest = default;
    }
}
