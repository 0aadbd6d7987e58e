"""Texts that a kit's own JSON reader has to take or to refuse."""

VALID = (
    "null",
    " true ",
    "[]",
    "{}",
    "[1, -2.5e3, 0]",
    '{"a": {"b": [null, false]}, "": "x"}',
    '"\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 \\ud83d\\ude00"',
    '"é 😀"',
    "[9007199254740993, 123456789012345678901234567890, 0.1, 1E400]",
    "[" * 60 + "]" * 60,
)

HALF = '"\\ud83d \\ud83dx \\ud83d\\u0041"'
"""Half a character: kits keep it, or put U+FFFD in its place."""

INVALID = (
    "",
    "nul",
    "[1,]",
    "[1 2]",
    '{"a" 1}',
    "{a: 1}",
    '{"a": 1',
    '"no end',
    '"\\x"',
    '"\\u12"',
    "NaN",
    "1 2",
    "<html>",
    "[" * 100 + "]" * 100,
)
