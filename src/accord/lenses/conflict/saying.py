"""The answer in sentences, the measures and the notes."""

from __future__ import annotations

from accord.finding import Measure
from accord.formulas import wording
from accord.lenses.conflict.picture import NAMES, WHEN, Picture
from accord.lenses.conflict.tables import answer
from accord.lenses.conflict.words import actor, changes, steps

VERIFIED = (
    "published cases (prisoner's dilemma, chicken, Elmira, Syria-Iraq 1975, US-North Korea 2017), all 576 strict ordinal"
    " 2x2 games against nashpy, and a second solver written from the definitions on more than 500 random models, state by"
    " state; that actors order outcomes as the file says is nobody's finding but the file's"
)


def sentences(picture: Picture) -> tuple[str, ...]:
    """What would stick, what holds it, what breaks it, the way out, and how sure."""
    said = [
        _sticks(picture),
        _shares(picture),
        *_tempted(picture),
        *_shaken(picture),
        _allied(picture),
        _out(picture),
    ]
    return tuple(wording.sentence(text) for text in said if text)


def _sticks(picture: Picture) -> str:
    """Whether the present outcome is an equilibrium at the best estimates, and why."""
    holds = [c for c in picture.concepts if picture.setting.now in picture.equilibria[c]]
    if not holds:
        return "at the best estimates what they do now would not stick: somebody gains by leaving it, and nothing deters"
    if "R" in holds:
        return "at the best estimates what they do now would stick: nobody gains by leaving it"
    names = " and ".join(holds)
    return (
        f"at the best estimates what they do now sticks only because leaving it would be answered ({names})"
    )


def _shares(picture: Picture) -> str:
    """In how many worlds it sticks, by what deters."""
    found = [(c, picture.share(f"sticks.{c}")) for c in ("R", "SEQ", "SMR", "GMR")]
    parts = [f"{wording.in_worlds(share.median)} {WHEN[c]}" for c, share in found if share is not None]
    return f"it sticks {'; '.join(parts)}" if parts else ""


def _tempted(picture: Picture) -> list[str]:
    """For each partner why it would stay or leave."""
    said = []
    others = [
        k
        for k in range(len(picture.setting.model.actors))
        if k not in picture.partners and any(not one.answers for one in picture.tempted(k))
    ]
    for k in (*picture.partners, *others):
        name = actor(picture.situation, picture.setting.model.actors[k])
        tempted = picture.tempted(k)
        if not tempted:
            said.append(
                f"{name} would not leave, because no move of its own gives it an outcome that it likes better"
            )
            continue
        top = min(tempted, key=lambda one: len(one.answers))
        move = changes(picture.situation, picture.setting, top.start, top.reached)
        if not top.answers:
            said.append(f"{name} would leave, and nothing deters it: {move}")
        else:
            said.append(f"{name} is tempted to leave ({move}) but would be answered {answer(picture, top)}")
    return said


def _shaken(picture: Picture) -> list[str]:
    """The one move of an outsider after which the partners stay in the fewest worlds."""
    found = []
    for state in picture.pushes:
        share = picture.share(f"pushed.SEQ.{picture.key(state)}")
        if share is not None:
            found.append((share.median, state))
    if not found or not picture.partners:
        return []
    least, state = min(found)
    if least >= picture.steady:
        return ["no single move of an outsider makes it likelier that a partner leaves"]
    move = changes(picture.situation, picture.setting, picture.setting.now, state)
    return [
        (
            f"what shakes it most from outside: {move}; then all partners stay {wording.in_worlds(least)}"
            " when only answers that pay deter"
        )
    ]


def _out(picture: Picture) -> str:
    """The nearest outcome that would stick and the way there."""
    paying = [route for route in picture.routes if route.improving]
    if not paying:
        return "no sequence of moves that pay each mover leads from here to another outcome that nobody would leave"
    nearest = paying[0]
    said = steps(picture.situation, picture.setting, picture.setting.now, [s.to for s in nearest.steps])
    if len(nearest.steps) == 1:
        return f"the nearest outcome that nobody would leave is one move away: {said}"
    return f"the way to the nearest outcome that nobody would leave: {said}"


def _allied(picture: Picture) -> str:
    """Whether an alliance could leave together what no single actor would."""
    scan = picture.scan
    if scan is None:
        return ""
    broken = [b for b in scan.breaks if b.state == picture.setting.now]
    if not broken:
        return "no alliance could gain by leaving it together where its members would not leave it alone"
    top = min(broken, key=lambda b: (not b.best.holds, len(b.alliance), b.alliance))
    names = [actor(picture.situation, picture.setting.model.actors[k]) for k in top.alliance]
    move = changes(picture.situation, picture.setting, top.state, top.best.state)
    holds = "and the alliance would hold" if top.best.holds else "but the alliance itself would not hold"
    return f"{wording.joined(names)} could leave it together ({move}), {holds}"


def measures(picture: Picture) -> tuple[Measure, ...]:
    """Numbers that claims and scenarios can refer to."""
    found = []
    for c in picture.concepts:
        for key, column, label, headline in (
            ("equilibrium", "sticks", "What they do now would stick", True),
            ("together", "sticks_together", "Some outcome with all partners as now would stick", False),
            ("apart", "sticks_apart", "Some outcome with a partner gone would stick", False),
        ):
            share = picture.share(f"{column}.{c}")
            if share is not None:
                name = f"{key}.{c}"
                means = "share of worlds, with an interval of two standard errors"
                found.append(Measure(name, f"{label}: {NAMES[c]}", share, "share", means, headline))
    return tuple(found)


def notes(picture: Picture) -> tuple[str, ...]:
    """Conventions, and what was left out."""
    model = picture.setting.model
    silent = sorted(set(picture.situation.actors) - set(model.actors))
    said = [
        f"{model.size:,} outcomes of {len(model.options)} options; an outcome that is no better counts as an answer",
        (
            "one move of an actor may change several of its options; the others answer by moves of any length in which nobody"
            " moves twice in a row"
        ),
    ]
    if "SIM" not in picture.concepts:
        said.append("SIM is left out: it combines options, which outcomes that count as one no longer show")
    if silent:
        names = wording.joined([actor(picture.situation, name) for name in silent])
        said.append(f"without options of their own, so without a choice here: {names}")
    return tuple(wording.sentence(text) for text in said)
