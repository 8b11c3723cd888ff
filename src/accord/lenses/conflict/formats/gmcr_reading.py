"""From the JSON of a ``.gmcr`` file to its parts, with everything that is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.lenses.conflict.feasibility import IntArray
from accord.lenses.conflict.formats.source import Found
from accord.problems import did_you_mean, listed

Pattern = tuple[tuple[str, bool], ...]

_WAYS = {"both": "both", "fwd": "forward", "back": "back"}


@dataclass(frozen=True, slots=True)
class Maker:
    """A decision maker.

    Parameters
    ----------
    name : str
    options : tuple of str
    statements : tuple of tuple of (str, bool)
        Most important first: which options are taken and which are not.
    ranking : tuple of tuple of int
        Numbers of states, best first, those in one tuple tied; empty when there is none.
    """

    name: str
    options: tuple[str, ...]
    statements: tuple[Pattern, ...]
    ranking: tuple[tuple[int, ...], ...]


class _Repeated(dict[str, Any]):
    """A JSON object in which a field stood twice."""

    twice: tuple[str, ...] = ()


def fields(data: bytes, found: Found) -> dict[str, Any]:
    """The JSON of a file.

    Raises
    ------
    SituationError
        When it is no JSON object, or one with a field that stands twice.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        found.tell("wrong-encoding", f"byte {data[error.start]:#04x} is not UTF-8", expected="text in UTF-8")
    except json.JSONDecodeError as error:
        says = f"the JSON breaks off here ({error.msg.lower()})"
        found.tell("syntax", says, hint="look for a missing comma, quote or bracket", place=str(error.lineno))
    except RecursionError:
        found.tell("syntax", "the JSON is nested too deep", expected="the fields of a .gmcr file")
    except ValueError as error:
        found.tell("syntax", str(error), expected="a number")
    else:
        for path, name in _repeated(value, ""):
            found.tell("duplicate", f"the field '{name}' stands here twice", path, "each field once")
        if isinstance(value, dict) and not found.problems:
            return value
        if not found.problems:
            found.tell("type", "the file holds no JSON object", expected="an object with 'decisionMakers'")
    found.check()
    return {}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that remembers fields which stand in it twice."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    marked = _Repeated(plain)
    names = [name for name, _ in pairs]
    marked.twice = tuple(name for name in plain if names.count(name) > 1)
    return marked


def _no_number(word: str) -> float:
    """Refuse NaN and Infinity, which JSON does not know."""
    raise ValueError(f"'{word}' is no number of JSON")


def _repeated(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Paths of objects, and names of fields that stand in them twice."""
    if isinstance(value, _Repeated):
        yield from ((path, name) for name in value.twice)
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _repeated(inside, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for k, inside in enumerate(value):
            yield from _repeated(inside, f"{path}[{k}]")


def parts(
    given: Mapping[str, Any], found: Found
) -> tuple[dict[str, str], tuple[Maker, ...], tuple[Pattern, ...]]:
    """Options with their directions, decision makers and infeasible combinations, problems told."""
    reader = _Reader(found)
    raw = reader.items(given, "decisionMakers", "")
    if "options" in given:
        reader.declare(reader.items(given, "options", ""), "options")
    else:
        for k, maker in enumerate(raw):
            inside = maker.get("options") if isinstance(maker, dict) else None
            reader.declare(inside if isinstance(inside, list) else [], f"decisionMakers[{k}].options")
    if not raw and isinstance(given.get("decisionMakers", []), list):
        found.tell("missing", "there is no decision maker", "decisionMakers", "a list of at least one")
    makers = [reader.maker(each, f"decisionMakers[{k}]") for k, each in enumerate(raw)]
    reader.check_owners(makers)
    infeasibles = [
        reader.pattern(each, f"infeasibles[{k}]")
        for k, each in enumerate(reader.items(given, "infeasibles", ""))
    ]
    return reader.options, tuple(m for m in makers if m is not None), tuple(infeasibles)


@dataclass(slots=True)
class _Reader:
    """Reads parts and tells what is wrong with them."""

    found: Found
    options: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def items(self, inside: Mapping[str, Any], name: str, path: str) -> list[Any]:
        """A field that is a list; empty when it is missing."""
        value = inside.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.found.tell("type", f"{_shown(value)} is no list", f"{path}.{name}" if path else name, "a list")
        return []

    def name(self, value: Any, path: str) -> str | None:
        """The name of an option or a decision maker."""
        name = value.get("name") if isinstance(value, dict) else None
        if isinstance(name, str) and name and name == name.strip():
            return name
        if not isinstance(value, dict):
            self.found.tell("type", f"{_shown(value)} is no object", path, "an object with a 'name'")
        elif "name" not in value:
            self.found.tell("missing", "the name is missing", path, "a field 'name' with a text")
        else:
            expected = "a text without blanks at its ends"
            self.found.tell("type", f"{_shown(name)} is no name", f"{path}.name", expected)
        return None

    def declare(self, given: Sequence[Any], path: str) -> None:
        """The options, with their directions."""
        for k, value in enumerate(given):
            here = f"{path}[{k}]"
            name = self.name(value, here)
            if name is None:
                continue
            if name in self.options:
                self.found.tell("duplicate", f"option '{name}' stands twice", here, "another name")
            way = value.get("permittedDirection", "both")
            if not isinstance(way, str) or way not in _WAYS:
                hint = did_you_mean(way, _WAYS) if isinstance(way, str) else ""
                says = f"{_shown(way)} is no direction"
                self.found.tell("value", says, f"{here}.permittedDirection", ", ".join(_WAYS), hint)
                way = "both"
            self.options[name] = _WAYS[way]
            self.places.setdefault(name, here)

    def option(self, value: Any, path: str) -> str | None:
        """The option that a name, an index or an object with a name means."""
        names = list(self.options)
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value in self.options:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
            return names[value]
        hint = did_you_mean(value, names) if isinstance(value, str) else ""
        says = f"{_shown(value)} is no option"
        self.found.tell("unknown", says, path, f"one of {listed(names) or 'the options'}, or its index", hint)
        return None

    def pattern(self, value: Any, path: str) -> Pattern:
        """A combination of options."""
        if not isinstance(value, list) or not value:
            says = "the list is empty" if value == [] else f"{_shown(value)} is no list"
            self.found.tell("type", says, path, 'pairs of an option and "Y" or "N"')
            return ()
        said: dict[str, bool] = {}
        for k, pair in enumerate(value):
            here = f"{path}[{k}]"
            if not isinstance(pair, list) or len(pair) != 2:
                self.found.tell("type", f"{_shown(pair)} is no pair", here, 'an option and "Y" or "N"')
                continue
            name = self.option(pair[0], f"{here}[0]")
            if pair[1] not in ("Y", "N"):
                self.found.tell("value", f"{_shown(pair[1])} cannot stand here", f"{here}[1]", '"Y" or "N"')
            elif name is not None and said.setdefault(name, pair[1] == "Y") != (pair[1] == "Y"):
                self.found.tell("contradiction", f"'{name}' is both Y and N", here, "one of them")
        return tuple(said.items())

    def maker(self, value: Any, path: str) -> Maker | None:
        """A decision maker."""
        name = self.name(value, path)
        if not isinstance(value, dict):
            return None
        own = [
            self.option(each, f"{path}.options[{k}]")
            for k, each in enumerate(self.items(value, "options", path))
        ]
        if not own:
            self.found.tell("missing", "there is no option", f"{path}.options", "at least one")
        statements = [
            self.pattern(each, f"{path}.preferences[{k}]")
            for k, each in enumerate(self.items(value, "preferences", path))
        ]
        ranks = self.items(value, "preferenceRanking", path)
        ranking = [self.rank(each, f"{path}.preferenceRanking[{k}]") for k, each in enumerate(ranks)]
        return Maker(
            name or "", tuple(each for each in own if each is not None), tuple(statements), tuple(ranking)
        )

    def rank(self, value: Any, path: str) -> tuple[int, ...]:
        """The states of one rank."""
        states = value if isinstance(value, list) and value else [value]
        for k, state in enumerate(states):
            if not isinstance(state, int) or isinstance(state, bool):
                here = f"{path}[{k}]" if states is value else path
                self.found.tell(
                    "type", f"{_shown(state)} is no state", here, "the number of a state, or a list"
                )
        return tuple(state for state in states if isinstance(state, int) and not isinstance(state, bool))

    def check_owners(self, makers: Sequence[Maker | None]) -> None:
        """Each option belongs to one decision maker, each of whom has a name of its own."""
        owner: dict[str, str] = {}
        seen: set[str] = set()
        for k, maker in enumerate(makers):
            if maker is None:
                continue
            if maker.name and maker.name in seen:
                says = f"two decision makers are named '{maker.name}'"
                self.found.tell("duplicate", says, f"decisionMakers[{k}].name", "another name")
            seen.add(maker.name)
            for name in maker.options:
                if name in owner:
                    says = f"option '{name}' belongs to '{owner[name]}' already"
                    self.found.tell("duplicate", says, f"decisionMakers[{k}].options", "each option once")
                owner[name] = maker.name
        for name, here in self.places.items():
            if name not in owner:
                says = f"option '{name}' belongs to nobody"
                self.found.tell("missing", says, here, "a decision maker that lists it")


def numbering(maker: Maker, feasible: IntArray) -> dict[int, int]:
    """The mask of each number in a ranking; empty when the numbers are none of those below.

    States go by their masks (the sum of 2^k over the options taken), or are counted from 1 or from 0 in the order of their
    masks; where two of these fit, they mean the same.
    """
    masks = feasible.tolist()
    used = {state for tied in maker.ranking for state in tied}
    for numbers in (masks, range(1, len(masks) + 1), range(len(masks))):
        if used == set(numbers):
            return dict(zip(numbers, masks, strict=True))
    return {}


def check_ranking(maker: Maker, feasible: IntArray, path: str, found: Found) -> None:
    """Tell of a ranking that does not hold each state once."""
    if not maker.ranking:
        return
    every = [state for tied in maker.ranking for state in tied]
    twice = (
        sorted({state for state in every if every.count(state) > 1}) if len(set(every)) < len(every) else []
    )
    if twice:
        found.tell("duplicate", f"{listed(map(str, twice))} stands twice", path, "each state once")
    if not numbering(maker, feasible):
        masks = set(feasible.tolist())
        left, more = sorted(masks - set(every)), sorted(set(every) - masks)
        says = " and ".join(
            f"{what} {listed(map(str, states))}"
            for what, states in (("leaves out", left), ("names what is no state:", more))
            if states
        )
        expected = "every feasible state once: the sum of 2^k over its options taken"
        found.tell("incomplete", f"the ranking {says}", path, expected)


def _shown(value: Any) -> str:
    """A value as it stands in the file, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."
