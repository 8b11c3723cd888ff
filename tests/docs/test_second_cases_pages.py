"""What the pages say about the second cases is what ``cases/second_cases.json`` holds, to the digits they show.

Every number of a table is compared in its place; every number of the prose that the table could hold (decimals, per cents,
counts of worlds) has a sentence here that it is compared in, and one that has none fails the test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.lenses.endurance.places import LABELS
from accord.report.other_cases import FILE, FORMAT
from accord.second_cases import RESNICK

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "cases"
TABLE = json.loads(FILE.read_text("utf-8"))
ROWS: dict[str, dict[str, Any]] = {row["name"]: row for row in TABLE["cases"]}
CALLED = {
    "Soviet Union and Egypt": "soviet-egyptian-1971",
    "United States and Pakistan": "us-pakistan-1987",
    "Syria and Iran": "syria-iran-2002",
}
NUMBER = re.compile(r"(?<![\w.])(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?![\w.]*\d)")
# What the table could hold: decimals, per cents, numbers from a thousand on with their comma, parts of something.
COULD_BE = re.compile(r"(?<![\w.])\.\d+|\d+ %|(?<!\d)\d{1,3},\d{3}|\d+ (?:of|in) \d+|(?<!\d)\d+ worlds")
# Numbers of the pages that are none of the table's: the size of each reference population.
OTHERS = {"2,000"}
N = r"(\.?\d[\d,]*)"
Sentence = tuple[str, str, list[float]]


def prose_of(page: str) -> str:
    """A page on one line, without code, tables, emphasis and the targets of links."""
    text = re.sub(r"```.*?```", "", (PAGES / f"{page}.md").read_text("utf-8"), flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith("|")]
    return re.sub(r"\]\([^)]*\)", "]", " ".join(" ".join(lines).split()).replace("**", ""))


def shown(value: float, text: str) -> bool:
    """Whether a number is what a text shows, to the digits that it shows; the table itself has four."""
    text = text.replace(",", "")
    digits = len(text.partition(".")[2])
    return abs(value - float(text)) <= 0.5 * 10.0**-digits + (5.1e-5 if digits < 4 else 1e-9)


def rows_of(page: str) -> list[list[str]]:
    """The cells of every row of every table, in order, without emphasis and targets of links."""
    lines = [line for line in (PAGES / f"{page}.md").read_text("utf-8").splitlines() if line.startswith("|")]
    bare = [re.sub(r"\]\([^)]*\)", "", line).replace("[", "").replace("**", "") for line in lines]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in bare]


def compared(told: Sequence[str], values: Sequence[float | None], where: str) -> None:
    """Each number that is told is the value in its place, and there are as many."""
    assert len(told) == len(values), f"{where}: {told} beside {values}"
    for text, value in zip(told, values, strict=True):
        assert value is not None, where
        assert shown(value, text), f"{where}: {text}, the table has {value}"


def gain(row: dict[str, Any], over: str) -> float:
    """By how much a baseline scores worse than the model."""
    brier = row["forecast"]["brier"]
    return float(brier[over] - brier["model"])


def among(row: dict[str, Any]) -> list[float]:
    """The least and the largest share at its age, over its classes but that of all alliances."""
    shares = [one["at_age"]["share"] for one in row["classes"] if one["class"] != "all"]
    return [min(shares), max(shares)]


def expected_of(name: str) -> list[list[float]]:
    """The numbers of a case in each of the four tables of the page of all three, in order."""
    row = ROWS[name]
    given, base = row["forecast"], row["forecast"]["base"]
    chance, brier = given["chance"], given["brier"]
    # Where few are judged, the first table says so.
    few = [row["judged"], row["worlds"]] if row["judged"] < 100 else []
    at_age = base["at_age"]
    return [
        [row["durability"], row["conditionality"], 100 * row["shares"][row["label"]], *few],
        [
            chance["model"],
            given["error"]["chance"],
            *given["worlds_between"],
            row["judged"],
            row["worlds"],
            chance["resnick"],
        ],
        [
            base["age"],
            chance["base_rate"],
            base["newborn"]["at_risk"],
            *(at_age[key] for key in ("share", "low", "high", "at_risk")),
            base["a_year_on"]["share"],
        ],
        [
            brier["model"],
            given["error"]["brier"],
            brier["resnick"],
            given["brier_first_draft"],
            brier["base_rate"],
            brier["base_rate_at_age"],
        ],
    ]


def test_the_table_says_its_format() -> None:
    assert TABLE["format"] == FORMAT == 1


@pytest.mark.parametrize("case", CALLED)
def test_every_number_of_the_four_tables(case: str) -> None:
    row = ROWS[CALLED[case]]
    found = [cells for cells in rows_of("second-cases") if cells[0] == case]
    wanted = expected_of(CALLED[case])
    assert len(found) == len(wanted) == 4
    for place, (cells, values) in enumerate(zip(found, wanted, strict=True)):
        told = NUMBER.findall(" ".join(cells[1:] if place else cells[2:]))
        compared(told, values, f"{case}, table {place + 1}")
    assert found[0][2] == row["forecast"]["expected"]
    assert found[0][5].startswith(LABELS[row["label"]])
    assert found[1][1] == ("yes" if row["forecast"]["alive"] else "no")
    assert row["forecast"]["resnick_type"].split()[-1] in ("alliance", "convenience")
    said = re.search(r"\((\w+)\)", found[1][6])
    assert said
    assert said[1] in row["forecast"]["resnick_type"]
    assert found[2][1] == row["forecast"]["base"]["label"]


def test_the_means() -> None:
    (cells,) = [cells for cells in rows_of("second-cases") if cells[0] == "mean"]
    keys = ("model", "resnick", "resnick_first_draft", "base_rate", "base_rate_at_age")
    compared(NUMBER.findall(" ".join(cells)), [TABLE["scores"][key] for key in keys], "mean")
    heads = [cells for cells in rows_of("second-cases") if cells[0] == "case"]
    assert [len(cells) for cells in heads] == [7, 7, 8, 7]


def sentences() -> list[Sentence]:
    """Page, pattern, and the values of its groups, for every number of the prose that the table holds."""
    found = [("second-cases", pattern, values) for pattern, values in (*_gains(), *_others())]
    found += [("us-pakistan-1987", pattern, values) for pattern, values in _pakistan()]
    found += [(name, pattern, values) for name, pattern, values in _trusts()]
    found += [
        (name, pattern, values) for name in ROWS for pattern, values in (*_of_each(name), *_scores_of(name))
    ]
    egypt, syria = ROWS["soviet-egyptian-1971"], ROWS["syria-iran-2002"]
    parts = [100 * egypt["endings"][cause] for cause in ("sell_out", "abandonment")]
    found.append((egypt["name"], f"{N} in 100 are a sell-out and {N} abandonment", parts))
    held = f'"formed in wartime" holds {N} that reached {N} years; of those formed from 1945 to 1989 there are {N}'
    wartime, era = (_class(syria, name)["at_age"]["at_risk"] for name in ("wartime", "era_1945"))
    found.append((syria["name"], held, [wartime, syria["forecast"]["base"]["age"], era]))
    return found


def _gains() -> list[tuple[str, list[float]]]:
    """Scores and gains on the page of all three."""
    everybody = [ROWS[name] for name in CALLED.values()]
    newborn, aged = ([gain(row, key) for row in everybody] for key in ("base_rate", "base_rate_at_age"))
    egypt, pakistan, syria = everybody
    scores, few = TABLE["scores"], [pakistan["judged"], pakistan["worlds"]]
    draft = scores["resnick_first_draft"]
    classes = (
        f"goes from {N} to {N} for the United States and Pakistan, from {N} to {N} for the Soviet Union and Egypt, and"
        f" from {N} to {N} for Syria and Iran"
    )
    return [
        (f"{N} is what one half", [scores["one_half"]]),
        (f"Against the newborn the model gains {N} in .*?, {N} in .*? and {N} in", newborn),
        (f"of the same age it gains {N}, {N} and {N}:", aged),
        (f"first draft scores {N}, and the model {N}:", [draft, scores["model"]]),
        (f"score of {N} rests on {N} of {N} worlds", [pakistan["forecast"]["brier"]["model"], *few]),
        (classes, [*among(pakistan), *among(egypt), *among(syria)]),
        (f"it says {N} of a tie that ended", [egypt["forecast"]["chance"]["model"]]),
        (f"type alone scores {N}, with the first draft {N}", [scores["resnick"], draft]),
    ]


def _others() -> list[tuple[str, list[float]]]:
    """Other numbers on the page of all three."""
    egypt, pakistan = ROWS["soviet-egyptian-1971"]["forecast"], ROWS["us-pakistan-1987"]
    return [
        (f"that the other {N} deny", [pakistan["worlds"] - pakistan["judged"]]),
        (rf'"special" \({N}\)', [RESNICK[egypt["resnick_type"]]]),
        (rf"ambivalent \({N}\)", [RESNICK[egypt["resnick_first_draft"]]]),
        (f"two trust events of {N}", [0.4]),
    ]


def _pakistan() -> list[tuple[str, list[float]]]:
    """What only the page of the American-Pakistani case has."""
    row = ROWS["us-pakistan-1987"]
    more = [one[key] for one in row["instead"] for key in ("judged", "chance")]
    denied = row["worlds"] - row["judged"]
    instead = (
        f"in {N} worlds: with `medium` instead {N} are judged and the chance with the threat gone is {N};"
        f" with `high` it is {N} of them and {N}"
    )
    return [
        (f"that the other {N} deny", [denied]),
        (instead, [row["instead"][0]["worlds"], *more]),
        (f"In {N} of {N} worlds one of the two", [100 * denied / row["worlds"], 100]),
        (
            f"a standing interest of -{N} to -{N} util",
            [-end for end in _ends("us-pakistan-1987", "united_states")],
        ),
    ]


def _trusts() -> list[tuple[str, str, list[float]]]:
    """Trust in each partner as the case files have it."""
    where = [
        ("us-pakistan-1987", "Washington", "pakistan", "united_states"),
        ("us-pakistan-1987", "Islamabad", "united_states", "pakistan"),
        ("soviet-egyptian-1971", "Moscow", "egypt", "soviet_union"),
        ("soviet-egyptian-1971", "Cairo", "soviet_union", "egypt"),
        ("syria-iran-2002", "Damascus", "iran", "syria"),
        ("syria-iran-2002", "Tehran", "syria", "iran"),
    ]
    return [(name, f"{N} in {city}", [_trust(name, of, whom)]) for name, city, of, whom in where]


def _trust(name: str, of: str, whom: str) -> float:
    """Trust as the case file has it."""
    best = accord.read(name).ties[of][whom].trust.best
    assert best is not None
    return best


def _ends(name: str, patron: str) -> tuple[float, float]:
    """The ends of the standing interest as the case file has it."""
    stated = accord.read(name).partnership.patrons[patron].terms["standing_interest"]
    assert stated.low is not None
    assert stated.high is not None
    return stated.low, stated.high


def _class(row: dict[str, Any], name: str) -> dict[str, Any]:
    """One of the classes that the precedent lens puts a case into."""
    return next(one for one in row["classes"] if one["class"] == name)


def _of_each(name: str) -> list[tuple[str, list[float]]]:
    """Worlds, ranks and what the numbers rest on, on the page of each case."""
    row = ROWS[name]
    judged = [] if row["judged"] == row["worlds"] else [row["judged"]]
    inside = f"{N}" if judged else "all"
    rests = [row["numbers"][key] for key in ("sourced", "assumed", "prior")]
    return [
        (rf"\({N} worlds, {inside} judged\)", [row["worlds"], *judged]),
        (f"urability {N}(?:,| and) conditionality {N}", [row["durability"], row["conditionality"]]),
        (
            f"{N} of the numbers that the lens reads have a source, {N} are assumed, {N} take their prior",
            rests,
        ),
        (rf"Forecast: .*?: {N}\.", [row["forecast"]["chance"]["model"]]),
    ]


def _scores_of(name: str) -> list[tuple[str, list[float]]]:
    """Scores, base rates and errors on the page of each case."""
    given = ROWS[name]["forecast"]
    chance, brier, at_age = given["chance"], given["brier"], given["base"]["at_age"]
    sure = f"in all {N} worlds" if name == "syria-iran-2002" else f"in {N} judged worlds"
    pattern = (
        rf"Brier {N}; Resnick's type alone \((?:\w+, )?{N}\) {N}; base rate of [^(]+\({N}\) {N}, of those"
        rf" that reached {N} years \({N}, of {N}\) {N}\."
    )
    aged = [given["base"]["age"], at_age["share"], at_age["at_risk"], brier["base_rate_at_age"]]
    plain = [chance["resnick"], brier["resnick"], chance["base_rate"], brier["base_rate"]]
    return [
        (pattern, [brier["model"], *plain, *aged]),
        (
            rf"standard error of the chance is {N} {sure}[,;] eight of ten of (?:these|which) lie from {N} to {N}",
            [given["error"]["chance"], ROWS[name]["judged"], *given["worlds_between"]],
        ),
    ]


def labels_of(name: str) -> list[tuple[int, int]]:
    """Where the page of a case names shares of labels; each is compared, and the label of the case is among them."""
    row, text = ROWS[name], prose_of(name)
    start = text.index("onditionality")
    part = text[start : text.index("weak link")]
    told = {key: re.search(rf"{label} in (?:under )?(\d+)\b", part) for key, label in LABELS.items()}
    assert told[row["label"]]
    spans = []
    for key, found in told.items():
        if found is not None:
            less = "under" in found[0]
            share = 100 * row["shares"][key]
            assert share < float(found[1]) if less else shown(share, found[1]), f"{name}: {found[0]}, {share}"
            spans.append((start + found.start(1), start + found.end(1)))
    return spans


def chances_of(name: str) -> tuple[int, int]:
    """Where the page of a case lists its five-year chances; each is one of the table, and none is missing."""
    row, text = ROWS[name], prose_of(name)
    said = re.search(r"Five-year chances: (.+?[^.\d])\. ?(?=[A-Z]|$)", text)
    assert said
    numbers = sorted(re.findall(r"\.\d+", said[1]), key=float)
    compared(numbers, sorted(set(row["five_years"].values())), name)
    first = re.match(r"(\.\d+) as it stands", said[1])
    assert first
    assert shown(row["five_years"]["base"], first[1])
    return said.span(1)


@pytest.mark.parametrize("page", ["second-cases", *ROWS])
def test_every_number_of_the_prose(page: str) -> None:
    text = prose_of(page)
    rest = list(text)
    spans = [] if page == "second-cases" else [*labels_of(page), chances_of(page)]
    for where, pattern, values in sentences():
        if where != page:
            continue
        found = re.search(pattern, text)
        assert found, f"{page} has no sentence like {pattern}"
        compared(found.groups(), values, f"{page}: {found[0]}")
        spans += [found.span(group + 1) for group in range(len(values))]
    for start, end in spans:
        rest[start:end] = "#" * (end - start)
    left = [one for one in COULD_BE.findall("".join(rest)) if one not in OTHERS]
    assert left == [], f"{page}: nothing compares {left}"


def test_the_readme_has_no_number_of_theirs() -> None:
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    for found in re.finditer("second cases?", text):
        assert not re.search(r"\.\d\d", text[max(found.start() - 200, 0) : found.end() + 200])
    assert "second cases" in text


def test_another_number_would_be_noticed() -> None:
    assert shown(0.1985, ".20")
    assert not shown(0.1985, ".19")
    assert not shown(0.1949, ".20")
    assert shown(0.4083, ".408")
    assert not shown(0.4083, ".409")
    assert shown(2031, "2,031")
    assert not shown(2031, "2,032")
    assert shown(0.0002, ".0002")
    assert not shown(0.0002, ".0003")
    assert shown(0.00004, ".00004")
    assert COULD_BE.findall("says .31, or 7 %, in 1,234 and 3 of 5") == [".31", "7 %", "1,234", "3 of 5"]
