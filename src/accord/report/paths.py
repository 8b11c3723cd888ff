"""Paths in words: where a number stands in the file, as a reader would say it, and the anchor of its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from accord.figures.style import capital, spoken
from accord.lenses import vocabulary as every_vocabulary
from accord.situation import Range, Situation, Vocabulary, item_at, matches, ranges

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")

# Pattern of a path, what each star names (nothing: a key of the language), and how the path is said.
_SAID: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("actors.*.capability.*", ("actors", "resources"), "{0}: capability, {1}"),
    ("actors.*.factions.*.share", ("actors", "factions"), "{0}: share of {1}"),
    ("actors.*.*", ("actors", ""), "{0}: {1}"),
    ("resources.*.*", ("resources", ""), "{0}: {1}"),
    ("issues.*.*", ("issues", ""), "{0}: {1}"),
    ("stances.*.*.factions.*.*", ("issues", "actors", "factions", ""), "{0}: {3} of {1}, {2}"),
    ("stances.*.*.*", ("issues", "actors", ""), "{0}: {2} of {1}"),
    ("ties.*.*.events.*.*", ("actors", "actors", "", ""), "{0} towards {1}: {2}, {3}"),
    ("ties.*.*.*", ("actors", "actors", ""), "{0} towards {1}: {2}"),
    ("partnership.patrons.*.threats.*.*", ("actors", "threats", ""), "{0}: {2} of the threat {1}"),
    ("partnership.patrons.*.rallies.*.*", ("actors", "", ""), "{0}: rally {1}, {2}"),
    ("partnership.patrons.*.*", ("actors", ""), "{0}: {1}"),
    ("partnership.client.*", ("",), "Client: {0}"),
    ("partnership.threats.*.*", ("threats", ""), "Threat {0}: {1}"),
    ("partnership.suitors.*.offers.*.*", ("actors", "actors", ""), "Offer of {0} to {1}: {2}"),
    ("partnership.*", ("",), "Partnership: {0}"),
    ("preferences.*.weights.*", ("actors", "options"), "{0}: liking for {1}"),
    ("preferences.*.payoffs.*", ("actors", ""), "{0}: worth of '{1}'"),
    ("preferences.*.statements.*.*", ("actors", "statements", ""), "{0}: {2} of wanting '{1}'"),
    ("options.*.effects.*", ("options", "issues"), "{0}: effect on {1}"),
    ("shocks.*.hazard", ("",), "Shock {0}: chance"),
    # Blocks, which claims and changes may point at.
    ("actors.*", ("actors",), "{0}"),
    ("issues.*", ("issues",), "{0}"),
    ("stances.*", ("issues",), "Stances on {0}"),
    ("stances.*.*", ("issues", "actors"), "{0}: stance of {1}"),
    ("ties.*", ("actors",), "Ties of {0}"),
    ("ties.*.*", ("actors", "actors"), "{0} towards {1}"),
    ("ties.*.*.events.*", ("actors", "actors", ""), "{0} towards {1}: {2}"),
    ("partnership.patrons.*.threats.*", ("actors", "threats"), "{0} and the threat {1}"),
    ("partnership.patrons.*", ("actors",), "{0} as a partner"),
    ("partnership.threats.*", ("threats",), "Threat {0}"),
    ("partnership.suitors.*", ("actors",), "{0} as a suitor"),
    ("partnership.suitors.*.offers.*", ("actors", "actors"), "Offer of {0} to {1}"),
    ("shocks.*", ("",), "Shock {0}"),
    ("options.*", ("options",), "Option: {0}"),
    ("preferences.*", ("actors",), "What {0} prefers"),
    ("preferences.*.statements.*", ("actors", "statements"), "{0} wants '{1}'"),
    ("rules.*", ("",), "Rule {0}"),
)
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Where they stand on the issues", ("stances.",)),
    ("Means and factions", ("actors.", "resources.")),
    ("The partners", ("partnership.patrons.",)),
    ("Offers from outside", ("partnership.suitors.",)),
    ("Client, threats and the joint effort", ("partnership.",)),
    ("Ties and trust", ("ties.",)),
    ("Options and preferences", ("options.", "preferences.")),
    ("Issues, shocks and the rest", ("",)),
)


def anchor(path: str) -> str:
    """The id of a number's row in the report; the same path always gives the same id."""
    return "n-" + _UNFIT.sub(lambda found: f":{ord(found.group()):x}:", path)


def path_words(situation: Situation, path: str) -> str:
    """A path as a reader would say it: ``Assad's fate: position of Iran``."""
    parts = path.split(".")
    for pattern, blocks, said in _SAID:
        if matches(path, pattern):
            named = [part for part, wanted in zip(parts, pattern.split("."), strict=True) if wanted == "*"]
            labels = (_label(situation, b, n, named) for b, n in zip(blocks, named, strict=True))
            return capital(said.format(*labels))
    return capital(", ".join(spoken(part) for part in parts))


def _label(situation: Situation, block: str, name: str, named: list[str]) -> str:
    """What a name is called: its label where it names something, else the name made readable."""
    if block == "actors":
        return actor_label(situation, name)
    if block == "threats":
        return threat_label(situation, name)
    holders: dict[str, Mapping[str, Any]] = {
        "issues": situation.issues,
        "resources": situation.resources,
        "options": situation.options,
    }
    if block == "statements":
        return _statement(situation, *named[:2])
    if block == "factions":
        actor = next((situation.actors[n] for n in named if n in situation.actors), None)
        holders["factions"] = actor.factions if actor is not None else {}
    found = holders.get(block, {}).get(name)
    return getattr(found, "label", None) or getattr(found, "says", None) or spoken(name)


def _statement(situation: Situation, actor: str, place: str) -> str:
    """What a statement of an actor says."""
    preference = situation.preferences.get(actor)
    index = item_at(preference.statements, place) if preference is not None else None
    return preference.statements[index].says if preference is not None and index is not None else place


def threat_label(situation: Situation, name: str) -> str:
    """What a threat is called: its own label, else that of the actor behind it."""
    threat = situation.partnership.threats.get(name)
    if threat is None or (threat.label is None and threat.actor is None):
        return spoken(name)
    return threat.label or actor_label(situation, threat.actor or name)


def actor_label(situation: Situation, name: str) -> str:
    """What an actor is called."""
    actor = situation.actors.get(name)
    return (actor.label if actor is not None else None) or spoken(name)


def group_of(path: str) -> str:
    """Under which heading a number is listed."""
    return next(title for title, heads in GROUPS if any(path.startswith(head) for head in heads))


class Lexicon:
    """Unit and question of every number, looked up by its path.

    Parameters
    ----------
    vocabulary : Vocabulary
        Keys that lenses add.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known: dict[int, list[tuple[str, tuple[Range | None, str]]]] = {}
        for pattern, entry in ranges(vocabulary).items():
            self._known.setdefault(pattern.count("."), []).append((pattern, entry))

    def _find(self, path: str) -> tuple[Range | None, str]:
        """Range and question of the number at this path."""
        known = self._known.get(path.count("."), [])
        return next((entry for pattern, entry in known if matches(path, pattern)), (None, ""))

    def unit(self, situation: Situation, path: str) -> str:
        """The unit in words; for positions the ends of the declared scale."""
        if matches(path, "stances.*.*.position") or matches(path, "stances.*.*.factions.*.position"):
            issue = situation.issues.get(path.split(".")[1])
            return f"on a scale from {issue.scale.low:g} to {issue.scale.high:g}" if issue is not None else ""
        known = self._find(path)[0]
        return known.unit if known is not None else ""

    def question(self, path: str) -> str:
        """The question the number answers; empty when the path is not known."""
        return self._find(path)[1]


# Units that a number has without one being said.
_BARE = ("", "index", "exponent", "number", "ratio")


@cache
def _lexicon() -> Lexicon:
    """Units of all that the shipped lenses know."""
    return Lexicon(every_vocabulary())


def with_unit(situation: Situation, path: str, text: str) -> str:
    """A value of the number at a path with its unit: ``0.18 util/month``, ``0.27 (share)``; bare for a pure index."""
    unit = _lexicon().unit(situation, path)
    if unit in _BARE:
        return text
    return f"{text} {unit}" if "/" in unit or unit in ("util", "months") else f"{text} ({unit})"
