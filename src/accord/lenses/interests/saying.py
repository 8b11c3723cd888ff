"""The answer in sentences, and the notes that go with it."""

from __future__ import annotations

import numpy as np

from accord.finding import Measure
from accord.formulas import TOLERANCE, wording
from accord.lenses.interests.complementarity import members
from accord.lenses.interests.rifts import hidden_lines, key, name_of, strongest
from accord.lenses.interests.standing import coverage, known_pairs, shared_issues
from accord.seen import View

VERIFIED = (
    "similarity and agreement beyond chance against arithmetic by hand (3 actors, 3 issues), identical actors, opposite"
    " poles, turned scales and renamed actors; similarity also against scores from United Nations roll calls worked out"
    " by other code; joint output and contest against their limiting cases. Fault lines, hidden rifts and the value of"
    " a live threat are definitions of this project: there is no published number to check them against"
)


def sentences(view: View) -> tuple[str, ...]:
    """Two to four sentences: how alike, where they agree, where the rifts are, what binds them."""
    said = [_alike(view), _closest(view), _rifts(view), _bond(view)]
    found = tuple(wording.sentence(text) for text in said if text)
    if len(found) > 1:
        return found
    sparse = (
        "the partners state too few positions on common issues to say more; other actors are compared below"
    )
    return (*found, wording.sentence(sparse))


def _alike(view: View) -> str:
    """How alike the partners are now and at the end state."""
    known = {p: view.value(f"similarity.now.{p[0]}.{p[1]}") for p in view.pairs}
    known = {p: value for p, value in known.items() if not np.isnan(value)}
    if not known:
        return ""
    pair = min(known, key=lambda p: (known[p], p))
    tail = f"{pair[0]}.{pair[1]}"
    lead = f"{view.pair(pair)}, the two partners least alike," if len(known) > 1 else view.pair(pair)
    now, end = known[pair], view.value(f"similarity.end.{tail}")
    then = "" if np.isnan(end) else f", {wording.figure(end)} once the end state is at stake"
    text = f"{lead} are {_degree(now)}: similarity {wording.figure(now)} on a scale from -1 to 1 now{then}"
    if len(known_pairs(view)) < 2:
        return text
    beyond = view.share_above(f"chance_corrected.now.{tail}", TOLERANCE)
    closer = "are they" if beyond <= 0.0 else "they are"
    return f"{text}; {wording.in_worlds(beyond)} {closer} closer now than two of these actors are on average"


_DEGREES = (
    (0.75, "much alike"),
    (0.25, "rather alike"),
    (-0.25, "neither alike nor opposed"),
    (-0.75, "rather opposed"),
)


def _degree(similarity: float) -> str:
    """A similarity in words; the bounds are ours."""
    return next((words for bound, words in _DEGREES if similarity >= bound), "opposed")


def _closest(view: View) -> str:
    """Where the partners agree most."""
    pair = next((pair for pair in view.pairs if shared_issues(view, pair)), None)
    if len(view.pairs) == 1 and pair is not None:
        names = shared_issues(view, pair)
        near, far = (view.value(f"agreement.{names[i]}.{pair[0]}.{pair[1]}") for i in (0, -1))
        if len(names) == 1 or near - far <= TOLERANCE:
            apart = wording.percent(1.0 - near)
            return (
                f"on {wording.joined([view.issue(n) for n in names])} they stand {apart} of the scale apart"
            )
        most = f"{view.issue(names[0])} ({wording.percent(1.0 - near)} of the scale apart)"
        return (
            f"they agree most on {most} and least on {view.issue(names[-1])} ({wording.percent(1.0 - far)})"
        )
    return _closest_of_many(view)


def _closest_of_many(view: View) -> str:
    """Which pair of several partners is closest on which issue, and which is farthest apart."""
    every = [(k, i, j) for i, j in view.pairs for k in shared_issues(view, (i, j))]
    lines = [(view.value(f"agreement.{k}.{i}.{j}"), k, i, j) for k, i, j in every]
    lines = [line for line in lines if not np.isnan(line[0])]
    if not lines:
        return ""
    near, far = max(lines), min(lines)
    if near[0] - far[0] <= TOLERANCE:
        apart = wording.percent(1.0 - near[0])
        return f"all partners stand equally far apart ({apart} of the scale) on what they share"
    words = [
        f"{view.pair((i, j))} over {view.issue(k)} ({wording.percent(1.0 - value)} of the scale apart)"
        for value, k, i, j in (near, far)
    ]
    return f"the closest partners are {words[0]}, the farthest apart {words[1]}"


def _rifts(view: View) -> str:
    """Which rift is deepest, and which is still hidden."""
    (now, _), (end, sure) = strongest(view, "now"), strongest(view, "end")
    if end is None:
        return ""
    if now == end:
        text = (
            f"the deepest rift (distance times how much both care), now and at the end state, is over"
            f" {name_of(view, end)} ({wording.in_worlds(sure)})"
        )
    else:
        today = (
            f"today the deepest rift is over {name_of(view, now)}, but" if now else "no rift shows yet, but"
        )
        text = f"{today} once the end state is at stake it is over {name_of(view, end)} ({wording.in_worlds(sure)})"
    hidden = [(line, share) for line, share in hidden_lines(view) if line != end]
    if hidden:
        line, share = hidden[0]
        places = [wording.figure(view.value(key(line, f"rank_{when}")), 0) for when in ("now", "end")]
        text += (
            f"; {name_of(view, line)} is still hidden: number {places[0]} now, number {places[1]} then at the best"
            f" estimates, rising {wording.in_worlds(share)}"
        )
    return text


def _bond(view: View) -> str:
    """What binds them: joint output lost without each."""
    known = [name for name in view.patrons if not np.isnan(view.value(f"complementarity.{name}"))]
    if not known:
        return ""
    order = sorted(known, key=lambda name: (-view.value(f"complementarity.{name}"), name))
    parts = [
        f"{wording.percent(view.value(f'complementarity.{name}'))} without {view.actor(name)}"
        for name in order
    ]
    return f"what they can do together would shrink by {wording.joined(parts)}"


def notes(view: View) -> tuple[str, ...]:
    """Conventions that mattered here, and what was left out."""
    makers = (_coverage, _two_actors, _progress, _means, _silent_resources, _undefined)
    return tuple(wording.sentence(text) for text in (maker(view) for maker in makers) if text)


def _coverage(view: View) -> str:
    """On how many issues each pair of partners can be compared."""
    total = len(view.issues)
    parts = []
    for i, j in view.pairs:
        count = coverage(view, (i, j))
        parts.append(f"{view.pair((i, j))} on {wording.figure(count, 0)} of {wording.count(total, 'issue')}")
    lead = "both state a position and how much they care"
    return f"{lead}: {'; '.join(parts)}; a missing stance is left out, never counted as zero"


def _two_actors(view: View) -> str:
    """Whether agreement beyond chance says nothing because only two actors take a stand."""
    if len(known_pairs(view)) != 1:
        return ""
    return (
        "only two actors can be compared, so agreement beyond chance is 0 unless they do not disagree at all"
    )


def _progress(view: View) -> str:
    """From where the weights of today were taken."""
    if view.situation.partnership.client is None:
        return "there is no client, so nothing of what waits for the end state bites yet, unless talks have begun"
    return ""


def _means(view: View) -> str:
    """Whose capability is unknown, so that joint output is undefined."""
    if not view.situation.resources:
        return "no resources are declared, so joint output and the chance to prevail are left out"
    stated = {name: actor.capability for name, actor in view.situation.actors.items()}
    silent = [view.actor(name) for name in members(view.situation) if not stated.get(name)]
    if not silent:
        return ""
    return (
        f"no capability is stated for {wording.joined(silent)}: joint output that would need it is undefined"
    )


def _silent_resources(view: View) -> str:
    """Which resources an actor states nothing about although it states others: counted as none."""
    parts = []
    for name in members(view.situation):
        stated = view.situation.actors[name].capability if name in view.situation.actors else {}
        gaps = [r for r in sorted(view.situation.resources) if r not in stated]
        if stated and gaps:
            called = [wording.named(view.situation.resources[r].label, r) for r in gaps]
            parts.append(f"{view.actor(name)}: {wording.joined(called)}")
    return (
        f"counted as none because other resources of the same actor are stated: {'; '.join(parts)}"
        if parts
        else ""
    )


def _undefined(view: View) -> str:
    """How many worlds left a partners' similarity undefined."""
    keys = [f"similarity.{when}.{i}.{j}" for when in ("now", "end") for i, j in view.pairs]
    some = {k: int(np.isnan(view.over[k]).sum()) for k in keys if view.known(k)}
    worst = max(some.values(), default=0)
    if not worst:
        return ""
    return f"similarity of partners is undefined in up to {worst} of {view.worlds} worlds, left out of its intervals"


def measures(view: View) -> tuple[Measure, ...]:
    """Every quantity that claims and reports may name, in a fixed order."""
    found = []
    for name in view.best:
        spread = view.spread(name)
        if spread is not None:
            kind, _, rest = name.partition(".")
            found.append(
                Measure(
                    name,
                    _label(view, kind, rest),
                    spread,
                    _UNITS.get(kind, ""),
                    _MEANS.get(kind, ""),
                    headline=_is_headline(view, kind, rest),
                )
            )
    return tuple(found)


def _is_headline(view: View, kind: str, rest: str) -> bool:
    """Whether a measure belongs in a comparison of scenarios: those of the partners, on a scale within -1..1."""
    if kind in ("complementarity", "interaction"):
        return True
    if kind == "dependence_balance":  # of a pair once: the other way round it is the same with the other sign
        return any(rest == f"{i}.{j}" for i, j in view.pairs)
    if kind == "fault_line":
        return rest.endswith((".now", ".end"))
    return kind == "similarity" and any(rest.endswith(f".{i}.{j}") for i, j in view.pairs)


_UNITS = {
    "shared_threat": "util/month",
    "threat_alive": "util/month",
    "coverage": "issues",
    "complementarity": "share",
    "success": "share",
    "success_without": "share",
    "activation": "share",
    "agreement": "share",
}
_KINDS = {
    "similarity": "Similarity",
    "chance_corrected": "Agreement beyond chance",
    "coverage": "Issues that count",
    "agreement": "Agreement",
    "fault_line": "Fault line",
    "activation": "How far it bites now",
    "opens_at": "Half open from",
    "dependence_balance": "Balance of dependence",
    "shared_threat": "Shared stake in the threat",
    "output": "Joint output",
    "complementarity": "Joint output lost without",
    "interaction": "Joint output that only the pair brings",
    "success": "Chance to prevail together",
    "success_without": "Chance to prevail without",
    "threat_alive": "Gain from staying per unit of threat",
}
_MEANS = {
    "similarity": "1 = identical, -1 = opposite",
    "chance_corrected": "1 = no disagreement, 0 = as far apart as two of these actors on average",
    "agreement": "1 = same position, 0 = opposite ends of the scale",
    "fault_line": "0 = none, 1 = the strongest there can be; or its rank",
    "opens_at": "0 = the start, 1 = the end state",
    "dependence_balance": "positive: the first depends more on the second",
    "interaction": "positive: they need each other's resources",
    "threat_alive": "positive: staying pays more the larger the threat",
}
_PARTS = {
    "now": "now",
    "end": "at the end state",
    "rank_now": "rank now",
    "rank_end": "rank at the end state",
    "latent": "hidden (1) or not (0)",
}


def _label(view: View, kind: str, rest: str) -> str:
    """A measure's name in words."""
    parts = [_called(view, part) for part in rest.split(".") if part]
    return ": ".join([_KINDS.get(kind, kind), ", ".join(parts)]) if parts else _KINDS.get(kind, kind)


def _called(view: View, part: str) -> str:
    """One part of a measure's name as people say it."""
    if part in view.situation.actors:
        return view.actor(part)
    if part in view.situation.issues:
        return view.issue(part)
    if part in view.situation.partnership.threats:
        return view.threat(part)
    return _PARTS.get(part, part)
