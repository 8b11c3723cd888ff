"""Statements over options, taken or not: ``stay and not (deal or collapse)``, ``strike if attack``.

The words are those of option prioritisation in the Graph Model (Peng, Hipel and Kilgour 1997): NOT, AND, OR, IF, IFF.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
Kind = Literal["name", "not", "and", "or", "if", "iff"]

# Words that cannot be names, in any case.
WORDS_OF_LOGIC = ("and", "or", "not", "if", "iff", "then")
_BINDING: dict[str, int] = {"if": 0, "iff": 0, "or": 1, "and": 2, "not": 3, "name": 4}
_SIGNS = {
    **dict.fromkeys(("!", "~", "\N{NOT SIGN}"), "'not'"),
    **dict.fromkeys(("&", "&&", ",", "+", "\N{LOGICAL AND}"), "'and'"),
    **dict.fromkeys(("|", "||", "\N{LOGICAL OR}"), "'or'"),
    **dict.fromkeys(("->", "=>", "\N{RIGHTWARDS ARROW}"), "'if' ('a -> b' is 'b if a')"),
    **dict.fromkeys(("<-", "<="), "'if'"),
    **dict.fromkeys(("<->", "<=>", "=", "=="), "'iff'"),
    **dict.fromkeys(("[", "{", "]", "}"), "round brackets"),
}
_TOKEN = re.compile(r"[^\W\d][\w-]*|[()\[\]{}]|[\w.]+|[^\s\w()\[\]{}]+")
# Deeper than a person nests, and shallow enough for the stack.
_DEEPEST = 60


class LogicError(ValueError):
    """A text that is no statement.

    Attributes
    ----------
    says, expected, try_instead : str
        What is wrong, what belongs there, one way to mend it (may be empty).
    at : int
        Offset of the first character of what is wrong, from 0.
    """

    def __init__(self, says: str, at: int, expected: str, try_instead: str = "") -> None:
        self.says, self.at, self.expected, self.try_instead = says, at, expected, try_instead
        hint = f"; try: {try_instead}" if try_instead else ""
        super().__init__(f"{says} (character {at + 1}); expected {expected}{hint}")

    def __reduce__(self) -> tuple[type[LogicError], tuple[str, int, str, str]]:
        """Pickle by what it was made from."""
        return LogicError, (self.says, self.at, self.expected, self.try_instead)


@dataclass(frozen=True, slots=True)
class Expression:
    """A statement that holds or does not, depending on what is taken.

    Parameters
    ----------
    kind : {'name', 'not', 'and', 'or', 'if', 'iff'}
        ``if`` reads as in English: the first part, if the second.
    parts : tuple of Expression
        One for ``not``, two for ``if`` and ``iff``, two or more for ``and`` and ``or``, none for a name.
    name : str
        The name, empty for every other kind.
    """

    kind: Kind
    parts: tuple[Expression, ...] = ()
    name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, each once, in order of appearance."""
        return tuple(dict.fromkeys(self._leaves()))

    def _leaves(self) -> Iterator[str]:
        """Every name, as often as it stands there."""
        if self.kind == "name":
            yield self.name
        for part in self.parts:
            yield from part._leaves()

    def of(self, values: Mapping[str, BoolArray]) -> BoolArray:
        """Where it holds.

        Parameters
        ----------
        values : mapping of str to ndarray of bool
            For each name, whether it is taken; shapes that broadcast (usually ``(states,)``).

        Returns
        -------
        ndarray of bool
            Of the broadcast shape of the names in it.

        Raises
        ------
        KeyError
            When a name has no value.
        """
        if self.kind == "name":
            return np.asarray(values[self.name], dtype=np.bool_)
        found = [part.of(values) for part in self.parts]
        if self.kind == "not":
            return np.asarray(~found[0])
        if self.kind == "if":
            return np.asarray(found[0] | ~found[1])
        if self.kind == "iff":
            return np.asarray(found[0] == found[1])
        joint = found[0]
        for one in found[1:]:
            joint = joint & one if self.kind == "and" else joint | one
        return np.asarray(joint)

    def __str__(self) -> str:
        """A text that parses to the same expression, with no bracket that is not needed."""
        if self.kind == "name":
            return self.name
        inner = [_bracketed(part, self.kind) for part in self.parts]
        return f"not {inner[0]}" if self.kind == "not" else f" {self.kind} ".join(inner)


def _bracketed(part: Expression, outer: Kind) -> str:
    """A part's text, in brackets where it binds no tighter than what stands around it."""
    loose = _BINDING[part.kind] < _BINDING[outer] or (
        _BINDING[part.kind] == _BINDING[outer] and outer != "not"
    )
    return f"({part})" if loose else str(part)


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """The expression that a text spells.

    ``not`` binds tightest, then ``and``, then ``or``, then ``if`` and ``iff``; the words may be in capitals.  ``P if Q``
    says that Q implies P, and so does ``if Q then P``; ``P iff Q`` that both hold or neither does.  ``if`` and ``iff``
    do not chain without brackets.

    Parameters
    ----------
    text : str
        Names, words of logic and round brackets.

    Returns
    -------
    Expression

    Raises
    ------
    LogicError
        When the text is no such expression, with the place of the first thing that is wrong.
    """
    return _Parser(text).whole()


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with names exchanged, everything else as it is written.

    Parameters
    ----------
    text : str
        A text that :func:`parse` takes.
    names : mapping of str to str
        Old name to new name; others stay.
    """
    return _TOKEN.sub(lambda found: names.get(found.group(), found.group()), text)


class _Parser:
    """Recursive descent, one method per level of binding."""

    def __init__(self, text: str) -> None:
        self.tokens = [(found.group(), found.start()) for found in _TOKEN.finditer(text)]
        self.end = len(text.rstrip())
        self.next = 0
        self.depth = 0

    @property
    def word(self) -> str:
        """The next token in lower case; empty at the end."""
        return self.tokens[self.next][0].lower() if self.next < len(self.tokens) else ""

    @property
    def at(self) -> int:
        """Where the next token stands."""
        return self.tokens[self.next][1] if self.next < len(self.tokens) else self.end

    def whole(self) -> Expression:
        """The whole text as one expression."""
        found = self.condition()
        if self.next < len(self.tokens):
            self.unexpected()
        return found

    def unexpected(self) -> None:
        """Tell of a token after something complete."""
        token = self.tokens[self.next][0]
        if self.word == ")":
            raise LogicError("')' closes nothing", self.at, "as many '(' as ')'")
        if self.word in ("if", "iff"):
            says = f"'{self.word}' after another 'if' or 'iff' can be read in two ways"
            raise LogicError(says, self.at, "brackets that say which belongs together")
        hint = _SIGNS.get(token, "")
        raise LogicError(f"'{token}' cannot follow here", self.at, "and, or, if or iff", hint)

    def condition(self) -> Expression:
        """``P``, ``P if Q``, ``P iff Q``, ``if Q then P``."""
        if self.word == "if":
            self.next += 1
            premise = self.joined("or")
            if self.word != "then":
                raise LogicError("'if' without 'then'", self.at, "'if a then b' or 'b if a'")
            self.next += 1
            return Expression("if", (self.joined("or"), premise))
        first = self.joined("or")
        word = self.word
        if word not in ("if", "iff"):
            return first
        self.next += 1
        return Expression("if" if word == "if" else "iff", (first, self.joined("or")))

    def joined(self, word: Literal["or", "and"]) -> Expression:
        """Parts joined by one word; the same word inside brackets makes no difference."""
        parts = [self.joined("and") if word == "or" else self.negated()]
        while self.word == word:
            self.next += 1
            parts.append(self.joined("and") if word == "or" else self.negated())
        return _flat(word, parts)

    def negated(self) -> Expression:
        """``not P``, a name, or brackets."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise LogicError("the statement is nested too deep", self.at, f"at most {_DEEPEST} levels")
        found = self.single()
        self.depth -= 1
        return found

    def single(self) -> Expression:
        """What :meth:`negated` reads, one level down."""
        word, at = self.word, self.at
        if word == "not":
            self.next += 1
            return Expression("not", (self.negated(),))
        if word == "(":
            self.next += 1
            found = self.condition()
            if self.next == len(self.tokens):
                raise LogicError("'(' is not closed", at, "as many '(' as ')'")
            if self.word != ")":
                self.unexpected()
            self.next += 1
            return found
        if word in WORDS_OF_LOGIC or not re.match(r"[^\W\d]", word):
            self.missing()
        self.next += 1
        return Expression("name", name=self.tokens[self.next - 1][0])

    def missing(self) -> None:
        """Tell that a name is missing here."""
        expected = "a name, 'not' or '('"
        if not self.tokens:
            raise LogicError("nothing stands here", 0, expected)
        if self.next == len(self.tokens):
            last = self.tokens[-1][0]
            raise LogicError(f"nothing follows '{last}'", self.at, expected)
        token = self.tokens[self.next][0]
        raise LogicError(f"'{token}' cannot stand here", self.at, expected, _SIGNS.get(token, ""))


def _flat(word: Literal["or", "and"], parts: Sequence[Expression]) -> Expression:
    """Parts joined by one word, those joined by the same word taken apart."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if part.kind == word else (part,)
    return Expression(word, tuple(flat))
