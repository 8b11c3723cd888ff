"""The pages: everything that the retrospective promises is on it, self-contained."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from tests.ledger.made import causes, forecast

import accord
from accord.forecasting.jobs import LookBack
from accord.forecasting.pages import score_page, since_page
from accord.forecasting.texts import score_text, since_text
from accord.ledger.asking import Unanswered, asks_cause
from accord.ledger.forecast import Baseline, Item, Resolution
from accord.ledger.since import since
from accord.report.leaf import leaf_page

CASE = "tehran-moscow-2015"
LATE = "2026-11-26T06:00:00Z"


@pytest.fixture(scope="module")
def found() -> LookBack:
    """The shipped case looked back on, with made-up probabilities for what names an output."""
    situation, known = accord.read(CASE), since(CASE)
    items, left = [], []
    for name, one in situation.resolve.items():
        answer = known.answers[name]
        told = Resolution(
            f"{CASE}/{name}", answer.outcome, known.source_of(answer), answer.on.isoformat(), note=answer.note
        )
        if one.output is None:
            left.append(
                Unanswered(name, one.question, one.by.last.isoformat(), "no output of the model answers it")
            )
        elif asks_cause(one):
            made = replace(causes(collapse=0.05, sell_out=0.95), question=one.question)
            items.append(Item(made, LATE, resolutions=((0, LATE, told),)))
        else:
            made = forecast(name, 0.05, one.by.last.isoformat(), question=one.question, id=told.id)
            items.append(Item(made, LATE, resolutions=((0, LATE, told),)))
    return LookBack(situation, known, tuple(items), tuple(left))


def plain(page: str) -> str:
    """The text of a page."""
    body = page.partition("<body>")[2]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def test_every_fact_every_question_and_every_claim_is_there(found: LookBack) -> None:
    text = plain(leaf_page(since_page(found)))
    for fact in found.known.facts:
        assert fact.says in text
        assert fact.source in text
    for one in found.situation.resolve.values():
        assert one.question in text
    assert "One history is one draw" in text
    assert "The model answers 7 of the 17 questions" in text
    assert "27 facts, and the claims that each bears on" in text
    assert "too few to say anything of calibration" in text
    assert "What happened, collapse, was given 0.050" in text


def test_all_of_it_counts_as_after_the_fact(found: LookBack) -> None:
    text = since_text(found)
    assert "yes-or-no questions, after the fact: 6 resolved" in text
    assert "causes, after the fact: 1 resolved" in text
    assert "asked in time" not in text
    assert text.count("not forecast by the model") == 10


def test_a_page_loads_nothing_and_runs_nothing(found: LookBack) -> None:
    for page in (
        leaf_page(since_page(found)),
        leaf_page(score_page(found.items, "f" * 64)),
        leaf_page(score_page(())),
    ):
        assert "<script" not in page
        assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", page)
        assert "default-src 'none'" in unescape(page)
        assert " style=" not in page


def test_the_same_items_make_the_same_bytes(found: LookBack) -> None:
    assert leaf_page(score_page(found.items)) == leaf_page(score_page(found.items))


def test_what_a_user_wrote_is_no_markup() -> None:
    bad = '<script>alert(1)</script>"&'
    made = forecast("odd", 0.3, question=bad, note=bad)
    told = Resolution(made.id, "yes", bad, "2016-12-31", note=bad)
    page = leaf_page(score_page([Item(made, "2016-01-01T00:00:00Z", 1, "f" * 64, ((2, LATE, told),))]))
    assert "<script" not in page
    assert plain(page).count("alert(1)") >= 4


def test_a_correction_is_told_in_the_post_mortem() -> None:
    made = forecast("odd", 0.04)
    first, second = (Resolution(made.id, o, "AP", "2016-12-31") for o in ("no", "yes"))
    item = Item(made, "2016-01-01T00:00:00Z", 1, "f" * 64, ((2, LATE, first), (3, LATE, second)))
    text = plain(leaf_page(score_page([item])))
    assert "Corrected; said before: no (2026-11-26, line 2)" in text
    assert "A miss" in text
    assert "ties.a.b.trust (+0.50)" in text


def test_an_empty_ledger_has_a_page_and_no_score() -> None:
    assert "nothing to score" in plain(leaf_page(score_page(())))
    assert score_text(()) == "no forecast is resolved yet (0 open)"


def test_dates_do_not_break_and_one_reason_is_told_once(found: LookBack) -> None:
    text = plain(leaf_page(since_page(found)))
    assert "2016\N{NON-BREAKING HYPHEN}12\N{NON-BREAKING HYPHEN}31" in text
    assert "1: 2016\N{NON-BREAKING HYPHEN}01\N{NON-BREAKING HYPHEN}16" in text
    assert text.count("no output of the model answers it") == 1
    assert "Why not forecast" not in text
    first, *others = found.unanswered
    mixed = replace(found, unanswered=(replace(first, says="its day lies beyond"), *others))
    text = plain(leaf_page(since_page(mixed)))
    assert "Why not forecast" in text
    assert text.count("no output of the model answers it") == len(others)
    assert "its day lies beyond" in text


def test_the_class_says_of_what_age_it_speaks() -> None:
    aged = replace(forecast("odd", 0.4), baseline=Baseline("defence", 0.66, "ATOP", 22.0, 8, 0.61))
    told = Resolution(aged.id, "yes", "AP", "2016-12-31")
    text = plain(leaf_page(score_page([Item(aged, LATE, resolutions=((2, LATE, told),))])))
    assert (
        "0.660 yes (defence, at the age of 22 years (8 observed, thin evidence); of new ones 0.610; ATOP)"
        in text
    )
