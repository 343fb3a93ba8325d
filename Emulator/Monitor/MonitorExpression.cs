namespace RiscvXv6.Emulator.Monitor;

/// <summary>
/// Expressions as people type them: numbers, <c>$registers</c>, symbols of the kernel, the operators of C on unsigned 64-bit
/// numbers, and parentheses.
/// </summary>
internal sealed class MonitorExpression
{
    /// <summary>Parentheses and signs within each other.</summary>
    private const int DeepestNesting = 64;

    private static readonly string[][] s_operators = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private readonly MonitorRequest _request;
    private readonly string _text;
    private int _at;
    private int _depth;
    private string? _problem;

    private MonitorExpression(MonitorRequest request, string text)
    {
        _request = request;
        _text = text;
    }

    /// <summary>Evaluates the whole text.</summary>
    /// <param name="request">Whose machine, hart and programs give names their values.</param>
    /// <param name="text">The expression.</param>
    /// <param name="value">Its value.</param>
    /// <param name="problem">What is wrong, as a line for the person.</param>
    public static bool TryEvaluate(MonitorRequest request, string text, out ulong value, out string problem)
    {
        var expression = new MonitorExpression(request, text);
        value = expression.Binary(0);
        expression.SkipBlanks();
        if (expression._at < text.Length)
        {
            expression.Fail($"unexpected '{text[expression._at]}' in the expression");
        }

        problem = expression._problem ?? "";
        return expression._problem is null;
    }

    private ulong Binary(int level)
    {
        if (level == s_operators.Length)
        {
            return Unary();
        }

        ulong left = Binary(level + 1);
        while (_problem is null && TakeOperator(s_operators[level]) is { } operation)
        {
            ulong right = Binary(level + 1);
            if (_problem is not null)
            {
                break;
            }

            if (right == 0 && operation is "/" or "%" && right == 0)
            {
                Fail("division by zero");
                break;
            }

            left = operation switch
            {
                "|" => left | right,
                "^" => left ^ right,
                "&" => left & right,
                "<<" => right < 64 ? left << (int)right : 0,
                ">>" => right < 64 ? left >> (int)right : 0,
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                "/" => left / right,
                _ => left % right,
            };
        }

        return left;
    }

    private ulong Unary()
    {
        SkipBlanks();
        if (_problem is not null)
        {
            return 0;
        }

        if (_at == _text.Length)
        {
            Fail("unexpected end of expression");
            return 0;
        }

        char first = _text[_at];
        if (first is not ('-' or '+' or '~' or '('))
        {
            return Primary();
        }

        if (++_depth > DeepestNesting)
        {
            Fail("the expression is nested too deeply");
            return 0;
        }

        _at++;
        ulong value = first == '(' ? Binary(0) : Unary();
        _depth--;
        switch (first)
        {
            case '-':
                return 0 - value;
            case '~':
                return ~value;
            case '(':
                SkipBlanks();
                if (_at < _text.Length && _text[_at] == ')')
                {
                    _at++;
                }
                else
                {
                    Fail("')' expected");
                }

                return value;
            default:
                return value;
        }
    }

    private ulong Primary()
    {
        int start = _at;
        if (_text[_at] == '$')
        {
            _at++;
        }

        while (_at < _text.Length && IsNamePart(_text[_at]))
        {
            _at++;
        }

        string word = _text[start.._at];
        if (word.Length == 0)
        {
            Fail($"unexpected '{_text[_at]}' in the expression");
            return 0;
        }

        if (word[0] == '$')
        {
            if (MonitorRegisters.TryRead(_request.Machine.Debug, _request.Hart, word[1..], out ulong register))
            {
                return register;
            }

            Fail($"unknown register: {word}");
            return 0;
        }

        if (char.IsAsciiDigit(word[0]))
        {
            if (MonitorNumber.TryParse(word, out ulong number))
            {
                return number;
            }

            Fail($"'{word}' is not a number of 64 bits");
            return 0;
        }

        if (MonitorSymbols.TryFindAddress(_request.Programs, word, out ulong address))
        {
            return address;
        }

        Fail($"the kernel has no symbol '{word}'{(IsRegister(word) ? $"; the register is ${word}" : "")}");
        return 0;
    }

    private string? TakeOperator(string[] operators)
    {
        SkipBlanks();
        foreach (string operation in operators)
        {
            if (string.CompareOrdinal(_text, _at, operation, 0, operation.Length) == 0)
            {
                _at += operation.Length;
                return operation;
            }
        }

        return null;
    }

    private bool IsRegister(string word) => MonitorRegisters.TryRead(_request.Machine.Debug, _request.Hart, word, out _);

    private void SkipBlanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private void Fail(string problem) => _problem ??= problem;

    private static bool IsNamePart(char value) => char.IsAsciiLetterOrDigit(value) || value is '_' or '.';
}
