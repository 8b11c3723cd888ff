"""What a YAML parser complains about, in words that help the person who wrote the text."""

from __future__ import annotations

import re
from typing import Any

from accord.problems import Problem

_FOUND = re.compile(r"(?:found|got) (?:character )?\(?'(.*?)'")
_QUOTE_IT = "put quotes around text that begins with"


def syntax_problem(error: Any, text: str) -> Problem:
    """A parser's complaint (a ``MarkedYAMLError`` of ruamel) as a problem with its line."""
    complaint = _Complaint(error, text)
    for explain in (
        _tab,
        _quotes,
        _brackets,
        _no_colon,
        _second_colon,
        _indentation,
        _first_character,
        _escape,
        _rest,
    ):
        problem = explain(complaint)
        if problem is not None:
            return problem
    raise AssertionError("the last explanation always says something")


class _Complaint:
    """The parts of a parser's complaint that explanations need."""

    def __init__(self, error: Any, text: str) -> None:
        mark = error.problem_mark or error.context_mark
        lines = text.splitlines()
        self.said = str(error.problem or error.context or "")
        self.context = str(error.context or "")
        self.line: int | None = None if mark is None else mark.line + 1
        self.start: int | None = None if error.context_mark is None else error.context_mark.line + 1
        self.column: int = 0 if mark is None else mark.column
        self.here = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
        self.first = lines[self.start - 1] if self.start is not None and self.start <= len(lines) else ""
        self.at_end = mark is not None and mark.index >= len(text.rstrip())
        found = _FOUND.search(self.said)
        self.found = found.group(1) if found else ""

    def begins_line(self) -> bool:
        """Whether the thing complained about is the first on its line."""
        return not self.here[: self.column].strip()


def _tab(c: _Complaint) -> Problem | None:
    """A tab where blanks belong."""
    if "\t" in c.here[: len(c.here) - len(c.here.lstrip())]:
        return Problem(
            "tab",
            "the line is indented with a tab",
            expected="blanks",
            try_instead="replace the tab by two blanks",
            line=c.line,
        )
    if c.found == "\\t":
        return Problem(
            "tab",
            "a tab stands here",
            expected="a blank",
            try_instead="replace the tab by a blank",
            line=c.line,
        )
    return None


def _quotes(c: _Complaint) -> Problem | None:
    """A quote that is never closed."""
    if "quoted scalar" not in c.context or "unexpected" not in c.said:
        return None
    says = f"the quote that opens on line {c.start} is never closed"
    return Problem(
        "truncated",
        says,
        expected="a closing quote",
        try_instead="close it, or check whether the file was cut off",
        line=c.start,
    )


def _brackets(c: _Complaint) -> Problem | None:
    """A bracket that is never closed, or a missing comma inside brackets."""
    if "flow mapping" not in c.context and "flow sequence" not in c.context and "flow node" not in c.context:
        return None
    closing = "]" if "flow sequence" in c.context else "}"
    opening = {"]": "[", "}": "{"}[closing]
    if c.at_end:
        says = f"the '{opening}' that opens on line {c.start} is never closed"
        hint = "close it, or check whether the file was cut off"
        return Problem("truncated", says, expected=f"a closing '{closing}'", try_instead=hint, line=c.start)
    hint = "add the ',', or put quotes around text that contains ',', ':' or brackets"
    if c.start != c.line:
        hint = f"close the '{opening}' of line {c.start}, or add the ','"
    says = f"entries run into one another inside the '{opening}' that opens on line {c.start}"
    return Problem(
        "syntax",
        says,
        expected=f"',' between entries, or the closing '{closing}'",
        try_instead=hint,
        line=c.line,
    )


def _no_colon(c: _Complaint) -> Problem | None:
    """A line that is neither a key with a value nor part of a text."""
    if "could not find expected ':'" not in c.said:
        return None
    if ":\u00a0" in c.first:
        says, hint = "the blank after ':' is a non-breaking one", "replace it by an ordinary blank"
        return Problem("syntax", says, expected="'key: value'", try_instead=hint, line=c.start)
    hint = "add the ':' and a blank after it"
    if c.at_end:
        hint += ", or check whether the file was cut off"
    return Problem(
        "truncated" if c.at_end else "syntax",
        "no ': ' on this line",
        expected="'key: value'",
        try_instead=hint,
        line=c.start,
    )


def _second_colon(c: _Complaint) -> Problem | None:
    """Two keys on one line, or a line that is indented too far."""
    if "mapping values are not allowed" not in c.said:
        return None
    if ": " in c.here[: c.column].strip():
        hint = "put quotes around text that contains ': '"
        return Problem(
            "syntax",
            "a second ': ' on one line",
            expected="one key and one value",
            try_instead=hint,
            line=c.line,
        )
    says = "this key is indented too far, or the line above already has a value"
    hint = "give keys of one block the same indentation"
    return Problem(
        "indentation", says, expected="the indentation of its neighbours", try_instead=hint, line=c.line
    )


def _indentation(c: _Complaint) -> Problem | None:
    """A line that does not line up, or text after something that had ended."""
    if "expected <block end>" not in c.said and "sequence entries are not allowed" not in c.said:
        return None
    if "sequence entries" in c.said:
        hint = "begin the list on the next line, or write [one, two]"
        return Problem(
            "syntax", "'- ' stands on the line of a key", expected="a value", try_instead=hint, line=c.line
        )
    if c.found == "-":
        hint = "indent the list below its key"
        return Problem(
            "indentation",
            "a list item ('- ') stands among keys",
            expected="'key: value'",
            try_instead=hint,
            line=c.line,
        )
    if c.begins_line():
        says, hint = (
            "this line does not line up with its neighbours",
            "give keys of one block the same indentation",
        )
        return Problem(
            "indentation", says, expected="the indentation of the key above", try_instead=hint, line=c.line
        )
    says, hint = "something follows after a closing quote or bracket", "put quotes around the whole text"
    return Problem("syntax", says, expected="the end of the line", try_instead=hint, line=c.line)


def _first_character(c: _Complaint) -> Problem | None:
    """Text that begins with a character that means something to YAML."""
    if "cannot start any token" in c.said:
        return Problem(
            "syntax",
            f"a text begins with '{c.found}'",
            expected="text in quotes",
            try_instead=f"{_QUOTE_IT} '{c.found}'",
            line=c.line,
        )
    for context, character in (("alias", "*"), ("anchor", "&")):
        if f"scanning an {context}" in c.context:
            return Problem(
                "syntax",
                f"a text begins with '{character}'",
                expected="text in quotes",
                try_instead=f"{_QUOTE_IT} '{character}'",
                line=c.line,
            )
    if "tag" in c.context or "tag handle" in c.said:
        return Problem(
            "tag",
            "a text begins with '!'",
            expected="plain values",
            try_instead=f"{_QUOTE_IT} '!'",
            line=c.line,
        )
    if "chomping" in c.said or "block scalar" in c.context:
        hint = "begin the text on the next line, or put quotes around it"
        return Problem(
            "syntax",
            "text follows '|' or '>' on the same line",
            expected="the text below, indented",
            try_instead=hint,
            line=c.line,
        )
    return None


def _escape(c: _Complaint) -> Problem | None:
    """A backslash in double quotes."""
    if "escape" not in c.said:
        return None
    hint = "use single quotes, in which a backslash is just a backslash"
    return Problem(
        "syntax",
        "a backslash inside double quotes that means nothing",
        expected="an escape such as '\\n' or '\\u00e9'",
        try_instead=hint,
        line=c.line,
    )


def percent_line(line: int | None) -> Problem:
    """The complaint about a directive such as ``%YAML 1.3``."""
    return Problem(
        "syntax",
        "a line that begins with '%'",
        expected="keys and values",
        try_instead="delete the line",
        line=line,
    )


def _rest(c: _Complaint) -> Problem:
    """Everything else."""
    if (
        "YAML document" in c.said
        or "%YAML" in c.said
        or c.here.startswith("%")
        or "directive" in c.context + c.said
    ):
        return percent_line(c.line)
    if "<document start>" in c.said:
        says, hint = (
            "something follows after the end of the situation",
            "check whether a bracket closes too early",
        )
        return Problem("documents", says, expected="one situation per file", try_instead=hint, line=c.line)
    if "node content" in c.said:
        return Problem(
            "syntax",
            f"'{c.found}' stands where a value belongs",
            expected="a value",
            try_instead="put quotes around text with brackets or commas",
            line=c.line,
        )
    if c.at_end:
        return Problem(
            "truncated",
            "the file ends in the middle of something",
            expected="a value",
            try_instead="check whether the file was cut off",
            line=c.line,
        )
    hint = "check indentation, quotes and brackets on this line and the one before"
    return Problem(
        "syntax",
        "the text cannot be read from here on",
        expected="'key: value'",
        try_instead=hint,
        line=c.line,
    )
