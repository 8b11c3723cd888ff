"""The contract notices every kind of broken promise."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from accord.finding import Column, Draws, Finding, FloatArray, Measure, Need, Spread, Table
from accord.situation import Issue, Range, Scale, Situation, Stance, Term, at, estimates
from accord.testing import check_lens, draw, flipped, renamed, reordered, with_fills, without_stance
from accord.testing.cases import case_situation
from accord.testing.variants import names_of

CASE = {
    "name": "three actors",
    "issues": {"x": {"low": 0, "high": 10}, "y": {}},
    "actors": {
        "iran": {"stances": {"x": [1, 1], "y": [0.25, 1]}},
        "russia": {"stances": {"x": [4, 1], "y": [0.75, 1]}},
        "west": {"stances": {"x": [9, 1]}},
    },
    "patrons": ["iran", "russia"],
}


def situation() -> Situation:
    """Three actors on two issues; one position uncertain."""
    plain = case_situation(CASE)
    stance = plain.stances["x"]["iran"]
    loose = replace(stance, position=replace(stance.position, low=0.0, high=3.0, distribution="uniform"))
    held = type(plain.stances)({**plain.stances["x"], "iran": loose})
    return replace(plain, stances=type(plain.stances)({**plain.stances, "x": held}))


@dataclass(frozen=True)
class Means:
    """A small honest lens: the distance between two actors on each issue, and the mean position."""

    name: str = "means"
    question: str = "Where is the middle?"
    terms: tuple[Term, ...] = ()
    reads: tuple[str, ...] = ("stances.*.*.position",)
    fills: tuple[str, ...] = ()
    chancy: bool = False

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        return () if situation.stances else (Need("stances", "positions"),)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        found = {}
        for issue in sorted(situation.issues):
            scale = situation.issues[issue].scale
            total, count = np.zeros(worlds.size), 0
            for actor in sorted(situation.stances[issue]):
                place = worlds.of(f"stances.{issue}.{actor}.position")
                found[f"place.{issue}.{actor}"] = (place - scale.low) / (scale.high - scale.low)
                total, count = total + place, count + 1
            found[f"mean.{issue}"] = total / count if count else np.full(worlds.size, np.nan)
        return found

    def conclude(self, situation: Situation, best: Any, over: Any) -> Finding:
        spreads = {name: Spread.of(float(best[name][0]), over[name]) for name in over}
        rows = tuple((name, spread) for name, spread in spreads.items())
        table = Table(
            "means", "Here they are", "intervals", (Column("who", "Who"), Column("place", "Place")), rows
        )
        measures = tuple(Measure(name, name, spread) for name, spread in spreads.items())
        reads = tuple(path for path in estimates(situation) if path.endswith(".position"))
        return Finding(
            self.name, self.question, "found", ("They differ.",), (table,), measures, (), reads, "by hand"
        )


FLIP = {"place": "complement", "mean": "scale"}


def check(lens: Any) -> int:
    """Check a lens on the situation above, turning scales included."""
    return check_lens(lens, [situation()], under_flip=lambda name: FLIP[name.partition(".")[0]])


def test_an_honest_lens_passes() -> None:
    assert check(Means()) == 1


class Doctored(Means):
    """The honest lens with its results changed."""

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        return self.change(super().compute(situation, worlds), situation, worlds)

    def change(
        self, found: dict[str, FloatArray], situation: Situation, worlds: Draws
    ) -> dict[str, FloatArray]:
        return found


class Retold(Means):
    """The honest lens with its finding changed."""

    def conclude(self, situation: Situation, best: Any, over: Any) -> Finding:
        return self.change(super().conclude(situation, best, over))

    def change(self, finding: Finding) -> Finding:
        return finding


def first(found: dict[str, FloatArray], values: FloatArray) -> dict[str, FloatArray]:
    """The results with the first replaced."""
    return {**found, next(iter(found)): values}


class SeesOtherWorlds(Doctored):
    def change(self, found, situation, worlds):
        place = found["mean.x"]
        return {**found, "mean.x": place - place.mean()}


class Random(Doctored):
    def change(self, found, situation, worlds):
        return first(found, np.random.random(worlds.size))  # noqa: NPY002


class Spends(Doctored):
    def change(self, found, situation, worlds):
        np.random.random()  # noqa: NPY002
        return found


class FreshRandom(Doctored):
    def change(self, found, situation, worlds):
        return first(found, np.random.default_rng().random(worlds.size))


class ReadsSecretly(Doctored):
    def change(self, found, situation, worlds):
        worlds.of("stances.x.iran.salience")
        return found


class Infinite(Doctored):
    def change(self, found, situation, worlds):
        return first(found, np.full(worlds.size, np.inf))


class NoWorlds(Doctored):
    def change(self, found, situation, worlds):
        return first(found, np.zeros(worlds.size + 1))


class Whole(Doctored):
    def change(self, found, situation, worlds):
        return first(found, np.zeros(worlds.size, dtype=np.int64))


class HandsOut(Doctored):
    def change(self, found, situation, worlds):
        return {**found, "mean.x": worlds.of("stances.x.iran.position")}


class KnowsPlaces(Doctored):
    def change(self, found, situation, worlds):
        issue = next(issue for issue in situation.issues if len(situation.stances[issue]) == 3)
        return {**found, f"mean.{issue}": found[f"place.{issue}.{min(situation.actors)}"]}


class KnowsOrder(Doctored):
    def change(self, found, situation, worlds):
        return {**found, "mean.x": found[f"place.x.{next(iter(situation.actors))}"]}


class KnowsNames(Doctored):
    def change(self, found, situation, worlds):
        return (
            {**found, "mean.x": found["mean.x"] + ("iran" in situation.actors)}
            if "mean.x" in found
            else found
        )


class ZeroForMissing(Doctored):
    def change(self, found, situation, worlds):
        gaps = [(k, a) for k in situation.issues for a in situation.actors if a not in situation.stances[k]]
        return found | {f"place.{issue}.{actor}": np.zeros(worlds.size) for issue, actor in gaps}


class LikesHighEnds(Doctored):
    def change(self, found, situation, worlds):
        return {name: np.maximum(values, 5.0) if "mean" in name else values for name, values in found.items()}


class SaysNothing(Retold):
    def change(self, finding):
        return replace(finding, says=())


class SaysNan(Retold):
    def change(self, finding):
        return replace(finding, says=("The distance is nan.",))


class NoFullStop(Retold):
    def change(self, finding):
        return replace(finding, says=("They differ",))


class OddStatus(Retold):
    def change(self, finding):
        return replace(finding, status="fine")


class TwoTables(Retold):
    def change(self, finding):
        return replace(finding, tables=finding.tables * 2)


class EndsTitle(Retold):
    def change(self, finding):
        return replace(finding, tables=(replace(finding.tables[0], title="Here they are."),))


class HoldsNan(Retold):
    def change(self, finding):
        table = finding.tables[0]
        columns = (*table.columns, Column("extra", "Extra"))
        rows = tuple((*row, float("nan")) for row in table.rows)
        return replace(finding, tables=(replace(table, columns=columns, rows=rows),))


class ListsRows(Retold):
    def change(self, finding):
        return replace(finding, tables=(replace(finding.tables[0], rows=list(finding.tables[0].rows)),))


class RaggedRows(Retold):
    def change(self, finding):
        return replace(finding, tables=(replace(finding.tables[0], rows=(("only a label",),)),))


class Miscounts(Retold):
    def change(self, finding):
        wrong = replace(finding.measures[0], spread=replace(finding.measures[0].spread, worlds=7))
        return replace(finding, measures=(wrong, *finding.measures[1:]))


class Embellishes(Retold):
    def change(self, finding):
        spread = finding.measures[0].spread
        wrong = replace(finding.measures[0], spread=replace(spread, best=spread.best + 1))
        return replace(finding, measures=(wrong, *finding.measures[1:]))


class ClaimsToRead(Retold):
    def change(self, finding):
        return replace(finding, reads=("stances.x.iran.salience",))


class Unverified(Retold):
    def change(self, finding):
        return replace(finding, verified="")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (SeesOtherWorlds, "cut into chunks"),
        (Random, "cut into chunks|differs when computed again"),
        (Spends, "uses the global random state"),
        (FreshRandom, "cut into chunks|differs when computed again"),
        (ReadsSecretly, r"reads 'stances.x.iran.salience', which it does not declare"),
        (Infinite, "is infinite"),
        (NoWorlds, "no leading world dimension"),
        (Whole, "not an array of floats"),
        (HandsOut, "shares memory"),
        (KnowsPlaces, "changes when names sort the other way round"),
        (KnowsOrder, "depends on the order in the file"),
        (KnowsNames, "changes when names change"),
        (ZeroForMissing, "says nothing about"),
        (LikesHighEnds, "is not 'scale' when scales are turned round"),
        (SaysNothing, "it says nothing"),
        (SaysNan, "not a sentence"),
        (NoFullStop, "not a sentence"),
        (OddStatus, "no such status"),
        (TwoTables, "appears twice"),
        (EndsTitle, "the title of"),
        (HoldsNan, "NaN instead of nothing"),
        (ListsRows, "can be changed"),
        (RaggedRows, "does not fit its columns"),
        (Miscounts, "counts 7 worlds"),
        (Embellishes, "is not what was computed"),
        (ClaimsToRead, "claims to have used"),
        (Unverified, "against what it was verified"),
    ],
)
def test_a_broken_promise_is_noticed(broken: type[Means], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check(broken())


@pytest.mark.parametrize(
    ("lens", "says"),
    [
        (Means(name="two words"), "not a plain word"),
        (Means(question="Where."), "question mark"),
        (Means(reads=("stances.*.*.mood",)), "knows no number"),
        (Means(reads=("stances.*.*.capability",), fills=("stances.*.*.capability",)), "no prior"),
        (Means(fills=("partnership.territory",)), "does not read it"),
        (Means(terms=(Term("issues.*.heat", Range(), "How hot?", "other"),)), "names another lens"),
        (Means(terms=(Term("issues.*.heat", Range(), "How hot?", "means"),)), "does not read it"),
    ],
)
def test_a_false_declaration_is_noticed(lens: Means, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        check(lens)


def test_a_need_without_words_is_noticed() -> None:
    class Needy(Means):
        def needs(self, situation: Situation) -> tuple[Need, ...]:
            return (Need("", ""),)

    with pytest.raises(AssertionError, match="lacks its path"):
        check(Needy())


def test_a_lens_that_does_not_fit_is_not_run() -> None:
    empty = replace(situation(), stances=type(situation().stances)())
    assert check_lens(Means(), [empty]) == 0


def test_renaming_keeps_everything_but_the_names() -> None:
    one = situation()
    two = renamed(one, names_of(one, reverse=True))
    assert sorted(two.actors) == ["a000", "a001", "a002"]
    assert sorted(two.partnership.patrons) == ["a001", "a002"], "west sorts last, so it comes first"
    pairs = zip(estimates(one).items(), estimates(two).items(), strict=True)
    assert all(number == other for (_, number), (_, other) in pairs)
    assert at(two, "stances.i001.a002.position") == at(one, "stances.x.iran.position")


def test_reordering_keeps_everything() -> None:
    assert reordered(situation()) == situation()
    assert list(reordered(situation()).actors) == list(situation().actors)[::-1]


def test_turning_scales_twice_changes_nothing() -> None:
    one = situation()
    assert flipped(one).stances["x"]["iran"].position.best == 9.0
    assert (
        flipped(one).stances["x"]["iran"].position.low,
        flipped(one).stances["x"]["iran"].position.high,
    ) == (7, 10)
    assert flipped(one).issues["x"].scale == Scale(0, 10, "high", "low")
    assert flipped(flipped(one)) == one


def test_a_stance_is_left_out() -> None:
    less = without_stance(situation(), "x", "iran")
    assert "iran" not in less.stances["x"]
    assert "iran" in less.stances["y"]


def test_draws_and_fills() -> None:
    lens = Means(
        reads=("issues.*.agenda_loading", "stances.*.*.position"), fills=("issues.*.agenda_loading",)
    )
    plain = situation()
    open_issues = {name: Issue("?", issue.scale) for name, issue in plain.issues.items()}
    numbers = with_fills(replace(plain, issues=type(plain.issues)(open_issues)), lens)
    assert (numbers["issues.x.agenda_loading"].low, numbers["issues.x.agenda_loading"].high) == (0, 1)
    assert numbers["issues.x.agenda_loading"].prior
    best, over = draw(numbers, 50, 0)
    assert (best.size, over.size, best.first, over.first) == (1, 50, 0, 1)
    assert best.of("issues.x.agenda_loading")[0] == 0.5
    assert 0 <= over.of("stances.x.iran.position").min() < over.of("stances.x.iran.position").max() <= 3
    assert isinstance(plain.stances["x"]["west"], Stance)
