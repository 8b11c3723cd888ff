"""What must hold between keys: references, order, sums, dates, cycles.  Each rule is one function."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping

from accord.files.numbers import support
from accord.problems import Problem, did_you_mean, listed
from accord.situation import Citation, Day, Estimate, Scale, Situation, estimates

Rule = Callable[[Situation], Iterator[Problem]]


def check_rules(situation: Situation, rules: tuple[Rule, ...] | None = None) -> list[Problem]:
    """Every breach of the rules between keys (of all rules unless some are named)."""
    return [problem for rule in (RULES if rules is None else rules) for problem in rule(situation)]


def parents(s: Situation) -> Iterator[Problem]:
    """``part_of`` must not lead back to where it began."""
    told: set[str] = set()
    for name in s.actors:
        chain = [name]
        while (parent := s.actors[chain[-1]].part_of) in s.actors and parent is not None:
            if parent in chain:
                ring = chain[chain.index(parent) :]
                if not told & set(ring):
                    says = f"a circle of parts: {' -> '.join([*ring, parent])}"
                    hint = "delete one 'part_of'"
                    yield Problem(
                        "cycle", says, f"actors.{ring[0]}.part_of", "a part inside a larger actor", hint
                    )
                told |= set(ring)
                break
            chain.append(parent)


def scales(s: Situation) -> Iterator[Problem]:
    """A scale needs two different ends, in order."""
    for name, issue in s.issues.items():
        scale = issue.scale
        if not scale.low < scale.high:
            yield Problem(
                "contradictory",
                f"low ({scale.low:g}) is not below high ({scale.high:g})",
                f"issues.{name}.scale",
                "low < high",
                "swap the ends and what they mean",
            )
        elif issue.reference_point is not None and not scale.low <= issue.reference_point <= scale.high:
            yield Problem(
                "out-of-range",
                f"{issue.reference_point:g} is off the issue's scale",
                f"issues.{name}.reference_point",
                _on(scale.low, scale.high),
            )


def positions(s: Situation) -> Iterator[Problem]:
    """Positions lie on the scale their issue declares."""
    for path, scale, estimate in _positions(s):
        low, high = support(estimate)
        for value in dict.fromkeys((low, high)):
            if scale.low < scale.high and not scale.low <= value <= scale.high:
                shown = (
                    f"{value:g} is"
                    if math.isfinite(value)
                    else f"the tails of '{estimate.distribution}' reach"
                )
                hint = "give 'low' and 'high' to cut the tails" if math.isinf(value) else ""
                yield Problem(
                    "out-of-range",
                    f"{shown} off the scale of '{path.split('.')[1]}'",
                    path,
                    _on(scale.low, scale.high),
                    hint,
                )
                break


def _positions(s: Situation) -> Iterator[tuple[str, Scale, Estimate]]:
    """Every stated position: path, its issue's scale, the number."""
    for issue, by_actor in s.stances.items():
        for actor, stance in by_actor.items() if issue in s.issues else ():
            base, scale = f"stances.{issue}.{actor}", s.issues[issue].scale
            if stance.position is not None:
                yield f"{base}.position", scale, stance.position
            for name, faction in stance.factions.items():
                if faction.position is not None:
                    yield f"{base}.factions.{name}.position", scale, faction.position


def factions(s: Situation) -> Iterator[Problem]:
    """Faction shares add up to one, and an actor's own stance does not compete with its factions'."""
    for name, actor in s.actors.items():
        shares = [f.share.best for f in actor.factions.values()]
        known = [share for share in shares if share is not None]
        if shares and len(known) == len(shares) and abs(sum(known) - 1.0) > 0.02:
            yield Problem(
                "sum",
                f"the factions' shares add up to {sum(known):g}",
                f"actors.{name}.factions",
                "a sum of 1",
            )
    for issue, by_actor in s.stances.items():
        for name, stance in by_actor.items():
            for what in ("position", "salience"):
                if getattr(stance, what) is not None and any(
                    getattr(f, what) is not None for f in stance.factions.values()
                ):
                    yield Problem(
                        "contradictory",
                        f"a {what} of its own and of its factions",
                        f"stances.{issue}.{name}.{what}",
                        "one or the other",
                        "delete it: the factions' share-weighted mean is used",
                    )


def partnership(s: Situation) -> Iterator[Problem]:
    """How many of each."""
    p = s.partnership
    for block, least, most in (("patrons", 2, 5), ("threats", 0, 2), ("suitors", 0, 3)):
        count = len(getattr(p, block))
        if not least <= count <= most:
            says = f"{count} {block.removesuffix('s') if count == 1 else block}"
            wanted = f"{least} to {most} of them" if least else f"at most {most}"
            yield Problem("count", says, f"partnership.{block}", wanted)
    if p.quorum > max(len(p.patrons), 2):
        says = f"a quorum of {p.quorum} with {len(p.patrons)} patrons"
        yield Problem("contradictory", says, "partnership.quorum", f"at most {len(p.patrons)}")


def sides(s: Situation) -> Iterator[Problem]:
    """Nobody is on two sides."""
    p = s.partnership
    roles = [("client", "partnership.client.actor", p.client.actor)] if p.client is not None else []
    roles += [("suitor", f"partnership.suitors.{name}", name) for name in p.suitors]
    roles += [
        ("threat", f"partnership.threats.{name}.actor", threat.actor)
        for name, threat in p.threats.items()
        if threat.actor is not None
    ]
    for role, path, name in roles:
        if name in p.patrons:
            yield Problem("contradictory", f"'{name}' is {role} and patron at once", path, "another actor")


def ties(s: Situation) -> Iterator[Problem]:
    """Nobody is tied to itself."""
    for name, others in s.ties.items():
        if name in others:
            yield Problem(
                "contradictory",
                f"a tie of '{name}' to itself",
                f"ties.{name}.{name}",
                "two different actors",
                "delete it",
            )


def aggregate(s: Situation) -> Iterator[Problem]:
    """The declared aggregate is a rule or a resource."""
    known = ["weighted_mean", "sum", *s.resources]
    if s.aggregate not in known:
        yield Problem(
            "unknown-reference",
            f"'{s.aggregate}' is neither a way to add up nor a resource",
            "aggregate",
            listed(known),
            did_you_mean(s.aggregate, known),
        )
    weights = [resource.weight for resource in s.resources.values()]
    if any(weights) and not all(weights):
        bare = [name for name, resource in s.resources.items() if resource.weight is None]
        yield Problem(
            "incomplete",
            f"no weight for {listed(bare)}, but one for others",
            "resources",
            "a weight for every resource or for none",
        )


def dates(s: Situation) -> Iterator[Problem]:
    """Nothing known lies after ``as_of``; what is asked lies after it."""
    end = s.as_of.last
    for path, day, what in _dated_facts(s):
        if day.first > end:
            yield Problem(
                "date", f"{day} is after as_of ({s.as_of})", path, f"{what} no later than {s.as_of}"
            )
    for name, source in s.sources.items():
        if source.date is not None and source.date.first > end:
            yield Problem(
                "date",
                f"the source is dated {source.date}, after as_of ({s.as_of})",
                f"sources.{name}.date",
                try_instead="cite what was out by then, or check that no number knows what came later",
                severity="warning",
            )
    for name, resolution in s.resolve.items():
        if resolution.by.last < s.as_of.first:
            yield Problem(
                "date",
                f"{resolution.by} is before as_of ({s.as_of})",
                f"resolve.{name}.by",
                "a day still to come",
            )


def _dated_facts(s: Situation) -> Iterator[tuple[str, Day, str]]:
    """Dated things that have happened: path, day, what."""
    for one, others in s.ties.items():
        for other, tie in others.items():
            for name, event in tie.events.items():
                yield f"ties.{one}.{other}.events.{name}.date", event.date, "an event"
    for one, patron in s.partnership.patrons.items():
        for name, rally in patron.rallies.items():
            yield f"partnership.patrons.{one}.rallies.{name}.date", rally.date, "an event"
    for name, shock in s.shocks.items():
        if shock.date is not None and shock.in_file:
            yield f"shocks.{name}.date", shock.date, "a shock already in the file"
    for name, promise in s.partnership.obligations.items():
        if promise.date is not None:
            yield f"partnership.obligations.{name}.date", promise.date, "a promise"
    for path, estimate in estimates(s).items():
        for citation in estimate.citations:
            if citation.date is not None:
                yield f"{path}.source", citation.date, "evidence"


def shocks(s: Situation) -> Iterator[Problem]:
    """A shock is dated or random, and a coming one is dated after ``as_of``."""
    for name, shock in s.shocks.items():
        path = f"shocks.{name}"
        if (shock.date is None) == (shock.hazard is None):
            says = "both a date and a hazard" if shock.date is not None else "neither a date nor a hazard"
            yield Problem(
                "contradictory", says, path, "a date (it comes then) or a hazard (it comes at random)"
            )
        elif shock.date is not None and not shock.in_file and shock.date.last < s.as_of.first:
            yield Problem(
                "date",
                f"{shock.date} is before as_of ({s.as_of})",
                f"{path}.date",
                "a day still to come",
                "'in_file: true' if the numbers already reflect it",
            )
        if shock.in_file and shock.date is None:
            yield Problem(
                "contradictory", "already in the file, but without a date", f"{path}.in_file", "a date"
            )


def correlations(s: Situation) -> Iterator[Problem]:
    """Correlated numbers exist, differ, and are uncertain; each pair is stated once."""
    known = estimates(s)
    seen: dict[frozenset[str], str] = {}
    for name, correlation in s.correlations.items():
        path, pair = f"correlations.{name}.between", correlation.between
        if len(set(pair)) != 2 or len(pair) != 2:
            yield Problem(
                "count",
                f"{len(pair)} path{'s' * (len(pair) != 1)}" if len(pair) != 2 else "the same path twice",
                path,
                "two different paths",
            )
            continue
        for one in pair:
            if one not in known:
                yield Problem(
                    "unknown-path",
                    f"there is no number at '{one}'",
                    path,
                    "the path of a number in this file",
                    did_you_mean(one, known),
                )
            elif known[one].is_fixed:
                says = f"'{one}' is the same in every world, so the correlation says nothing"
                yield Problem(
                    "unused", says, path, "an uncertain number", "give it a range", severity="warning"
                )
        if frozenset(pair) in seen:
            yield Problem(
                "contradictory",
                f"the same two numbers as in '{seen[frozenset(pair)]}'",
                path,
                "each pair once",
            )
        seen.setdefault(frozenset(pair), name)


# The rules on options need numpy, which a file without options should not wait for.


def options(s: Situation) -> Iterator[Problem]:
    """Options, preferences and rules are well written, and leave outcomes."""
    if s.options or s.preferences or s.rules:
        from accord.files.logic_rules import RULES_OF_OPTIONS

        for rule in RULES_OF_OPTIONS:
            yield from rule(s)


def effects(s: Situation) -> Iterator[Problem]:
    """An option moves an outcome no further than the issue's scale is long."""
    if s.options:
        from accord.files.logic_rules import effects as found

        yield from found(s)


def unjudged(s: Situation) -> Iterator[Problem]:
    """Warnings about options of actors that prefer nothing, and effects that start from nowhere."""
    if s.options:
        from accord.files.logic_rules import unjudged as found

        yield from found(s)


def leader(s: Situation) -> Iterator[Problem]:
    """At most one issue is about who leads the client."""
    marked = [name for name, issue in s.issues.items() if issue.leader]
    if len(marked) > 1:
        yield Problem(
            "count",
            f"{listed(marked)} are all marked 'leader'",
            f"issues.{marked[1]}.leader",
            "at most one issue",
        )
    if marked and s.partnership.client is None:
        yield Problem(
            "contradictory",
            "an issue about the client's leader, but no client",
            f"issues.{marked[0]}.leader",
            "a client",
            "add 'partnership.client' or delete the mark",
        )


def quiet(s: Situation) -> Iterator[Problem]:
    """Things that are allowed but probably not meant."""
    cited = {citation.of for citation in _citations(s)}
    for name in s.sources:
        if name not in cited:
            yield Problem(
                "unused",
                f"source '{name}' is never cited",
                f"sources.{name}",
                severity="warning",
                try_instead="cite it or delete it",
            )
    for name in s.issues:
        if not s.stances.get(name):
            yield Problem(
                "unused",
                f"nobody has a stance on '{name}'",
                f"issues.{name}",
                severity="warning",
                try_instead="add stances or delete the issue",
            )
    for issue, by_actor in s.stances.items():
        for name, stance in by_actor.items():
            if stance.position is None and not any(f.position is not None for f in stance.factions.values()):
                says = "a stance without a position: who agrees with it on this issue stays unknown"
                yield Problem(
                    "incomplete",
                    says,
                    f"stances.{issue}.{name}",
                    "a position",
                    severity="warning",
                    try_instead="add 'position'",
                )


def _citations(s: Situation) -> Iterator[Citation]:
    """Every citation in the situation, wherever it stands."""
    stack: list[object] = [s]
    while stack:
        value = stack.pop()
        if isinstance(value, Citation):
            yield value
        elif isinstance(value, Mapping):
            stack.extend(value.values())
        elif isinstance(value, tuple):
            stack.extend(value)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            stack.extend(getattr(value, f.name) for f in dataclasses.fields(value))


def _on(low: float, high: float) -> str:
    """The range of a scale, in words."""
    return f"a number from {low:g} to {high:g}"


RULES: tuple[Rule, ...] = (
    parents,
    scales,
    positions,
    factions,
    partnership,
    sides,
    ties,
    aggregate,
    dates,
    shocks,
    correlations,
    options,
    leader,
    quiet,
    unjudged,
)

# Those that tell errors, not only what is probably not meant.
RULES_OF_ERRORS: tuple[Rule, ...] = tuple(rule for rule in RULES if rule not in (quiet, unjudged))

# Those that a change of plain numbers can break.
RULES_OF_NUMBERS: tuple[Rule, ...] = (positions, factions, effects)
