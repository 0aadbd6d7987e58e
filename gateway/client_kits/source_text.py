"""Pieces of source code in languages with braces."""

from textwrap import indent


def lines(*parts: str) -> str:
    """The parts, each on a line of its own."""
    return "\n".join(parts)


def indented(text: str, levels: int = 1) -> str:
    """The text, indented by four spaces for each level."""
    return indent(text, "    " * levels)


def quoted(text: str) -> str:
    """A string literal of C# and C++. Documents are ASCII but for what their authors write into strings."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
