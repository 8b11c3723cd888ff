"""What is written comes back the same: workbook, text files and YAML agree on every situation."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import accord
from accord.exchange import writing
from accord.exchange.csvs import read_csv, write_csv
from accord.exchange.protocol import Layout
from accord.exchange.reading import read_grids
from accord.exchange.workbook import CsvFolder, Workbook
from accord.exchange.writing import grids_of
from accord.exchange.xlsx import read_xlsx, write_xlsx
from accord.files.dump import plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check, examine
from accord.files.writer import save_yaml
from accord.lenses import vocabulary as registered
from accord.situation import Situation, Vocabulary
from accord.testing.strategies import situations

PACKAGE = Path(accord.__file__).parent
FILES = [PACKAGE / "files" / "template.yaml", *sorted((PACKAGE / "cases").glob("*.yaml"))]
LAYOUTS: tuple[Layout, ...] = ("wide", "long")


def again(situation: Situation, layout: Layout, vocabulary: Vocabulary) -> dict[str, Situation | None]:
    """The situation after a journey through each kind of file, by that kind."""
    grids, losses = grids_of(situation, layout)
    assert losses == ()
    texts = [read_csv(grid.name, write_csv(grid)) for grid in grids]
    return {
        "xlsx": read_grids(read_xlsx(write_xlsx(grids)), vocabulary, "")[0],
        "csv": read_grids(texts, vocabulary, "")[0],
    }


def built(plain: dict[str, Any], vocabulary: Vocabulary) -> Situation:
    """The situation that plain data describes."""
    root = from_plain(plain)
    situation, problems = build_and_check(root, vocabulary, Lines.of("", root))
    assert situation is not None, [str(problem) for problem in problems]
    return situation


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_file_survives(
    file: Path, layout: Layout, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    situation = examine(file, vocabulary)[0]
    assert situation is not None
    for form, path in (
        (Workbook(layout, vocabulary), tmp_path / "m.xlsx"),
        (CsvFolder(layout, vocabulary), tmp_path / "m"),
    ):
        assert form.write(situation, path) == ()
        found, problems = form.read(path, vocabulary)
        assert [problem for problem in problems if problem.severity == "error"] == []
        assert found == situation
        assert found is not None
        assert found.digest == situation.digest
        assert found.name == "m"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_warnings_are_those_of_the_yaml_file(file: Path, vocabulary: Vocabulary, tmp_path: Path) -> None:
    situation, problems = examine(file, vocabulary)
    assert situation is not None
    Workbook().write(situation, tmp_path / "m.xlsx")
    found = Workbook().read(tmp_path / "m.xlsx", vocabulary)[1]
    assert sorted((p.kind, p.path, p.says) for p in found) == sorted(
        (p.kind, p.path, p.says) for p in problems
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_shipped_file_needs_the_details_sheet(layout: Layout, vocabulary: Vocabulary) -> None:
    for file in FILES:
        situation = examine(file, vocabulary)[0]
        assert situation is not None
        assert "details" not in {grid.name for grid in grids_of(situation, layout)[0]}


def test_two_writes_give_the_same_bytes(tmp_path: Path) -> None:
    """At any time, in any process: nothing depends on the clock or on the order of sets."""
    code = """
        import sys
        from pathlib import Path
        from accord.exchange.template import template
        from accord.lenses import vocabulary
        template(Path(sys.argv[1]), vocabulary())
    """
    for seed in ("1", "2"):
        run = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / f"{seed}.xlsx")]
        subprocess.run(
            run, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"}
        )
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.xlsx") as archive:
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_order_of_keys_does_not_matter_to_what_is_read(example: Situation, vocabulary: Vocabulary) -> None:
    turned = built(dict(reversed(plain_of(example).items())), vocabulary)
    assert again(turned, "wide", vocabulary)["xlsx"] == example


# -- situations nobody would write, but somebody might ----------------------------------------

ODD_TEXT = st.one_of(
    st.sampled_from(
        (
            *(
                "=1+1",
                "+49 30",
                "-",
                "@sum",
                "'quoted",
                '"',
                "#N/A",
                "#REF!",
                "TRUE",
                "false",
                "007",
                "1e5",
                "0,5",
            ),
            *(
                "50%",
                "2015-12",
                "1 .. 2 .. 3",
                "a; b",
                "a, b",
                "line\nbreak",
                "tab\there",
                "_x0041_",
                "{",
                "[x]",
                "~",
            ),
            *(
                "null",
                "essay [B2]",
                "é\u202f€",
                "\N{PILE OF POO}",
                "http://x.y",
                "sep=;",
                "\u2028",
                "a\rb",
                "a\r\nb",
                "a\x85b",
            ),
            "a  b " * 20 + "end",
        )
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=12),
).filter(lambda text: bool(text.strip()))
NUMBERS = st.one_of(
    st.floats(0, 1),
    st.sampled_from((0.1 + 0.2, 1e-300, 5e-324, 1 / 3, 0.1**7)),
    st.integers(0, 1),
)


@st.composite
def evidence(draw: st.DrawFn) -> dict[str, Any]:
    """What may stand beside a number."""
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        cited = draw(st.lists(citations(), min_size=1, max_size=3))
        found["source"] = cited if len(cited) > 1 else cited[0]
    elif draw(st.booleans()):
        found["assumed"] = draw(ODD_TEXT)
    for key, values in (("confidence", st.sampled_from(("low", "moderate", "high"))), ("note", ODD_TEXT)):
        if draw(st.booleans()):
            found[key] = draw(values)
    return found


@st.composite
def citations(draw: st.DrawFn) -> Any:
    """One use of a source, from its bare name to its full grade."""
    source = {"of": draw(st.sampled_from(("essay", "report")))}
    more = {
        "locator": st.one_of(ODD_TEXT, st.sampled_from(("P4", "p. 3-4", "P4 [B2]", "P4; P5"))),
        "date": st.sampled_from(("2014", "2014-03", "2014-03-01")),
        "reliability": st.sampled_from("ABCDEF"),
        "credibility": st.integers(1, 6),
    }
    return source | {key: draw(values) for key, values in more.items() if draw(st.booleans())}


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    """A share or probability in any form."""
    low, best, high = sorted(float(draw(NUMBERS)) for _ in range(3))
    form = draw(
        st.sampled_from(
            (
                {"best": best},
                {"low": low, "best": best, "high": high},
                {"word": "likely"},
                {"distribution": "uniform", "low": low, "high": high},
                {"distribution": "beta", "alpha": 1 + best, "beta": 2.5},
                {"distribution": "normal", "mean": best, "sd": 0.1, "low": 0, "high": 1},
                {"distribution": "bernoulli", "probability": best},
            )
        )
    )
    return form | draw(evidence())


@st.composite
def sound_plain(draw: st.DrawFn) -> dict[str, Any]:
    """Plain data of a situation in which the shares of factions add up."""
    plain: dict[str, Any] = plain_of(draw(situations()))
    for actor in plain["actors"].values():
        for faction in actor.get("factions", {}).values():
            faction["share"] = 1 / len(actor["factions"])
    return plain


@st.composite
def odd_plain(draw: st.DrawFn) -> dict[str, Any]:
    """Plain data of a situation with text, evidence, names and changes of every kind."""
    plain = draw(sound_plain())
    plain |= {
        "title": draw(ODD_TEXT),
        "question": draw(ODD_TEXT),
        "as_of": draw(st.sampled_from(("2015", "2015-12", "2015-12-31"))),
    }
    plain["sources"] = {
        name: {"citation": draw(ODD_TEXT), "url": draw(ODD_TEXT)} for name in ("essay", "report")
    }
    plain["stakes"] = {"best": draw(st.floats(0, 1e200))} | draw(evidence())
    plain["partnership"] |= {"talks": draw(numbers()), "territory": {"low": 0.1, "best": 0.5, "high": 0.9}}
    patron = next(iter(plain["partnership"]["patrons"]))
    plain["partnership"]["patrons"][patron] |= {"fatigue": draw(numbers()), "patience": draw(numbers())}
    plain["actors"][patron] |= {"label": draw(ODD_TEXT), "about": draw(ODD_TEXT)}
    plain["claims"] = {
        draw(st.one_of(ODD_TEXT, st.sampled_from(("C1", "v1.2", "a]b", "", "1", "x.says")))): {
            "says": draw(ODD_TEXT),
            "kind": "paired",
            "source": draw(st.lists(citations(), max_size=2)),
            "encoded_by": draw(st.lists(st.sampled_from(("partnership.talks", "stakes")), max_size=2)),
            "vary": {"partnership.territory": draw(changes())},
            "expect": {"interests.similarity": "up"},
        }
    }
    return plain


@st.composite
def changes(draw: st.DrawFn) -> Any:
    """A change to a probability, in any form."""
    if draw(st.booleans()):
        return {"times": draw(st.floats(0, 1)), "assumed": draw(ODD_TEXT)}
    return {"to": draw(st.one_of(NUMBERS, numbers(), st.just("likely"))), "against": draw(numbers())}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(odd_plain(), sound_plain()), st.sampled_from(LAYOUTS), st.sampled_from((30_000, 12)))
def test_odd_situations_survive(plain: dict[str, Any], layout: Layout, longest: int) -> None:
    vocabulary = registered()
    situation = built(plain, vocabulary)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "LONGEST", longest)  # so that short texts overflow their cells, too
        for kind, found in again(situation, layout, vocabulary).items():
            assert found is not None, kind
            assert found == situation, kind
            assert found.digest == situation.digest, kind


def test_workbook_text_files_and_yaml_agree(
    example: Situation, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    save_yaml(example, tmp_path / "m.yaml")
    Workbook("long").write(example, tmp_path / "m.xlsx")
    CsvFolder("wide").write(example, tmp_path / "m")
    found = {
        examine(tmp_path / "m.yaml", vocabulary)[0],
        Workbook().read(tmp_path / "m.xlsx", vocabulary)[0],
        CsvFolder().read(tmp_path / "m", vocabulary)[0],
    }
    assert found == {dataclasses.replace(example, name="m")}


# -- what cells cannot hold ----------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_long_text_goes_to_the_details_sheet_in_parts(
    layout: Layout, example: Situation, vocabulary: Vocabulary
) -> None:
    text = "one two " * 9_000 + "end"
    situation = built(plain_of(example) | {"about": text}, vocabulary)
    details = next(grid for grid in grids_of(situation, layout)[0] if grid.name == "details")
    assert [row[0] for row in details.rows] == ["path", *["about"] * 6]
    assert all(len(str(row[1])) <= 30_000 for row in details.rows)
    assert set(again(situation, layout, vocabulary).values()) == {situation}


@pytest.mark.parametrize("number", [0.1 + 0.2, 1e17, 123456789012345680000, 5e-324, 2**53 - 1])
def test_numbers_keep_all_their_digits(number: float, example: Situation, vocabulary: Vocabulary) -> None:
    plain = plain_of(example) | {"stakes": float(number)}
    situation = built(plain, vocabulary)
    assert "details" not in {grid.name for grid in grids_of(situation)[0]}
    assert set(again(situation, "wide", vocabulary).values()) == {situation}


@pytest.mark.parametrize("text", ["\N{PILE OF POO}" * 15_001, "one\rtwo", "one\r\ntwo", "one\u2028two"])
def test_text_that_spreadsheets_would_change_goes_to_the_details_sheet(
    text: str, example: Situation, vocabulary: Vocabulary
) -> None:
    situation = built(plain_of(example) | {"about": text}, vocabulary)
    assert "details" in {grid.name for grid in grids_of(situation)[0]}
    assert set(again(situation, "wide", vocabulary).values()) == {situation}


def test_a_name_too_long_for_any_cell_is_reported(example: Situation, vocabulary: Vocabulary) -> None:
    claim = {"says": "x", "kind": "input"}
    situation = built(plain_of(example) | {"claims": {"n" * 40_000: claim}}, vocabulary)
    losses = grids_of(situation)[1]
    assert [loss.partition("n" * 9)[0] for loss in losses] == ["claims.", "claims."]
    assert losses[0].endswith(".kind: cannot be kept exactly as it is")


def test_a_situation_that_no_file_can_hold_is_reported(example: Situation) -> None:
    scenario = example.scenarios["pirates_gone"]
    path, change = next(iter(scenario.changes.items()))
    huge = dataclasses.replace(scenario, changes={path: dataclasses.replace(change, to=10**25)})
    situation = dataclasses.replace(example, scenarios={"pirates_gone": huge})
    told = "scenarios.pirates_gone.changes[partnership.threats.pirates.level].to: cannot be kept exactly as it is"
    assert grids_of(situation)[1] == (told,)
