"""The page: well-formed, self-contained, escaped, the same every time, and honest about what it lacks."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from accord.finding import Column, Finding, Table
from accord.report import ReportView, page
from accord.report.claim_reasons import OpenClaim, OpenGroup
from accord.report.evidence import ledger
from accord.report.view import Point, VerdictView
from accord.situation import Citation, Claim, estimates
from accord.study.verdict import Reason

VOID = {"meta", "link", "img", "br", "hr", "input", "wbr"}


class Outline(HTMLParser):
    """What a page consists of: elements in order, with a check that every one is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """Everything a reader reads, on one line."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_elements_close_and_ids_are_unique(any_page: str) -> None:
    outline = Outline(any_page)
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"] for a in outline.all("a") if a["href"].startswith("#")}
    assert {target.removeprefix("#") for target in targets} <= set(ids)


def test_drawings_refer_to_what_is_there(whole_page: str) -> None:
    outline = Outline(whole_page)
    ids = {attributes["id"] for _, attributes in outline.elements if "id" in attributes}
    for drawing in outline.all("svg"):
        if drawing.get("role") == "img":
            assert {drawing["aria-labelledby"], drawing["aria-describedby"]} <= ids
    assert {use["href"].removeprefix("#") for use in outline.all("use")} <= ids


def test_headings_come_in_order(any_page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(any_page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_nothing_is_loaded_from_anywhere(any_page: str) -> None:
    outline = Outline(any_page)
    assert not {"script", "img", "iframe", "object", "embed", "video", "audio", "form"} & {
        t for t, _ in outline.elements
    }
    for tag, attributes in outline.elements:
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag == "link":
            assert attributes["href"] == "data:,"
        if tag == "use":
            assert attributes["href"].startswith("#")


def test_style_sheet_loads_nothing_and_matches_the_policy(whole_page: str) -> None:
    text = whole_page
    found = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert found is not None
    assert "url(" not in found.group(1)
    assert "@import" not in found.group(1)
    digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
    policy = next(
        m["content"] for m in Outline(text).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_no_inline_style_that_the_policy_would_refuse(any_page: str) -> None:
    assert not [a for _, a in Outline(any_page).elements if "style" in a]


def test_text_of_a_user_is_never_markup(hostile_page: str) -> None:
    text = hostile_page
    outline = Outline(text)
    assert "<script" not in text.lower()
    assert "<img" not in text.lower()
    assert "\x00" not in text
    assert "alert(1)" in outline.text
    assert "$x^2$" in outline.text


def test_only_web_addresses_become_links(whole_page: str) -> None:
    text = whole_page
    assert "javascript:" not in text
    assert "https://example.org/pact" in [a["href"] for a in Outline(text).all("a")]


def test_same_view_same_bytes(whole_view: ReportView, whole_page: str) -> None:
    assert page(whole_view) == whole_page


def test_order_of_actors_does_not_change_the_look(whole_view: ReportView, whole_page: str) -> None:
    turned = dict(reversed(list(whole_view.situation.actors.items())))
    other = replace(whole_view, situation=replace(whole_view.situation, actors=turned))
    drawings = [re.findall("<figure.*?</figure>", text, re.DOTALL) for text in (whole_page, page(other))]
    assert drawings[0] == drawings[1]


def test_lead_is_taken_from_the_findings_or_as_given(wordy_view: ReportView) -> None:
    assert "They agree on the order after the war. They are far apart" in Outline(page(wordy_view)).text
    given = Outline(page(replace(wordy_view, lead=("it will not last", "and nobody minds")))).text
    assert "It will not last. And nobody minds." in given


def ordered_view(view: ReportView) -> ReportView:
    """A view with a verdict, and findings whose tables come in another order than the report's."""

    def plain(name: str) -> Table:
        """A table that says its name."""
        return Table(name, f"Table {name}", "plain", (Column("a", "A"),), (("x",),))

    names = ("prices", "patience", "endings.theatre", "trust_needed", "hazard_ratios", "survival", "trials")
    endurance = Finding("endurance", "how long?", "found", ("Long.",), tuple(map(plain, names)))
    interests = Finding(
        "interests", "where?", "found", ("There.",), (plain("fault_lines"), plain("similarity"))
    )
    bargaining = Finding("bargaining", "what?", "found", ("That.",), (plain("settlement"),))
    shown = VerdictView(
        "A minister reads this",
        (Point("how long", "As long as it pays"),),
        plain("plane"),
        (Point("1 Threat removed", "It lies there for want of something to lose"),),
        ("An aside.",),
        Reason("because of that", "endurance.quadrant"),
        (plain("would_change_if"), plain("tornado.durability")),
        (plain("robustness"),),
    )
    return replace(
        view,
        findings=(endurance, interests, bargaining),
        verdict=shown,
        scenarios=(plain("scenario.one"),),
        lead=("What the first lens says", "and the second"),
        references=("A work that is cited",),
    )


def test_the_report_keeps_to_its_order(wordy_view: ReportView) -> None:
    """Lead, plane, points, marks, why; survival, trials, causes, fault lines, closed forms, scenarios, claims, evidence."""
    text = page(ordered_view(wordy_view))
    body = text.split('<main id="main">', maxsplit=1)[1]
    wanted = (
        "A minister reads this.",
        "Table plane",
        "<dt>How long</dt><dd>As long as it pays.</dd>",
        "What the marks of the figure mean",
        "<dt>1 Threat removed</dt><dd>It lies there for want of something to lose.</dd>",
        "What the first lens says",
        "because of that",
        "Table tornado.durability",
        "Table survival",
        "Table trials",
        "Table hazard_ratios",
        "Table endings.theatre",
        "Table patience",
        "Table fault_lines",
        "Table prices",
        "Table trust_needed",
        "Table settlement",
        "Table scenario.one",
        'id="claims"',
        'id="evidence"',
        'id="assumptions"',
        "Table robustness",
        'id="method"',
        "A work that is cited",
        'id="provenance"',
    )
    places = [body.index(one) for one in wanted]
    assert places == sorted(places), [one for _, one in sorted(zip(places, wanted, strict=True))]
    for one in wanted:
        assert body.count(f"<h3>{one}</h3>") == one.startswith("Table"), one
    links = re.findall(r'<li><a href="#([\w-]+)">', text.split('<main id="main">', maxsplit=1)[0])
    there = re.findall(r'<section id="([\w-]+)"', body)
    assert links == there, "contents and sections in the same order"


def test_closed_forms_stand_behind_their_own_lens_where_there_are_no_fault_lines(
    wordy_view: ReportView,
) -> None:
    view = ordered_view(wordy_view)
    other = replace(view, findings=(view.findings[0], view.findings[2]))
    body = page(other).split('<main id="main">', maxsplit=1)[1]
    assert body.index("Table patience") < body.index("Table prices") < body.index("Table settlement")
    assert 'id="closed"' not in page(replace(view, findings=view.findings[1:]))


def test_titles_of_figures_are_takeaways(whole_view: ReportView, whole_page: str) -> None:
    titles = re.findall(r"<figcaption><h3>(.*?)</h3>", whole_page)
    assert "Norland and Sudland agree on the order and least on who is master" in titles
    assert len(titles) == sum(len(f.tables) for f in whole_view.findings) + len(whole_view.scenarios)


def test_every_figure_has_its_numbers_behind_it(whole_page: str) -> None:
    text = whole_page
    figures = re.findall("<figure.*?</figure>", text, re.DOTALL)
    assert figures
    assert all("<table" in figure for figure in figures)
    assert "undefined in 40 of 2,048 worlds" in figures[1]


def test_every_number_has_a_row_with_its_evidence(whole_view: ReportView, whole_page: str) -> None:
    outline = Outline(whole_page)
    ids = {attributes["id"] for _, attributes in outline.elements if "id" in attributes}
    assert {f"n-{path}" for path in estimates(whole_view.situation)} <= ids
    assert "n-partnership.substitution" in ids
    assert "n-partnership.talks" in ids
    for words in (
        "Order after the war: position of Norland",
        "best 0.4, between 0.2 and 0.6 (on a scale from 0 to 100)",
        "“likely”: best 0.675, between 0.55 and 0.8",
        "B3: usually reliable, possibly true",
        "A2: reliable, probably true",
        ", P4, P7",
        "moderate",
    ):
        assert words in outline.text, words


def test_a_path_in_a_table_leads_to_its_row(whole_page: str) -> None:
    link = '<a href="#n-stances.order.norland.salience">Order after the war: salience of Norland</a>'
    assert link in whole_page


def test_the_count_of_sourced_numbers_stands_at_the_top_in_words(
    whole_view: ReportView, whole_page: str
) -> None:
    book = ledger(whole_view)
    written = estimates(whole_view.situation)
    assert book.with_source == sum(not e.is_assumed for e in written.values())
    assert book.total == len(written) + len(whole_view.priors)
    answer = whole_page.split('id="glance"', maxsplit=1)[0]
    assert f"{book.with_source} of {book.total} numbers rest on a source" in answer
    assert "1 is left out of the file and taken from a prior" in answer


def test_claims_are_listed_and_said_to_be_untested(wordy_view: ReportView) -> None:
    outline = Outline(page(wordy_view))
    assert "58 claims on file" in outline.text
    assert "Not tested in this run." in outline.text
    assert "Claim number 58 says" in outline.text
    tested = Outline(page(replace(wordy_view, claims_note="Tested.", claim_results={"C07": "contradicted"})))
    assert "contradicted" in tested.text
    assert tested.text.count("not yet tested") == 57


def test_claims_that_are_not_supported_stand_open_before_the_folded_table(wordy_view: ReportView) -> None:
    group = OpenGroup(
        "Contradicted", "The model says the opposite.", (OpenClaim("C07", "It rises.", "endurance.x falls."),)
    )
    text = page(replace(wordy_view, claims_open=(group,)))
    section = text.partition('<section id="claims"')[2].partition("</section>")[0]
    before, folded, _ = section.partition("<details>")
    assert folded
    assert "<h3>Contradicted (1)</h3>" in before
    assert "<b>C07</b> It rises." in before
    assert "Came out: endurance.x falls.<" in before
    # Paper hides what is folded, and nothing else of this section.
    hidden = [rule for rule in text.partition("@media print")[2].split("}") if "display: none" in rule]
    assert not [rule for rule in hidden if "open-claims" in rule or "h3" in rule.partition("{")[0].split()]
    assert "open-claims" not in page(wordy_view).partition('<section id="claims"')[2]


def test_lenses_that_do_not_fit_say_why(whole_page: str) -> None:
    text = Outline(whole_page).text
    assert "conflict (no actor has an option); endurance (this version does not hold its model)" in text
    assert "does not fit this situation" in text


def test_unverified_numbers_are_said_to_be_so(whole_page: str) -> None:
    text = Outline(whole_page).text
    assert "Checked against: Hand-worked cases" in text
    assert "Check of the numbers: Not verified." in text


def test_changes_of_scenarios_and_shocks_are_in_words(whole_page: str) -> None:
    text = Outline(whole_page).text
    assert "Threat Zealots: level : set to 0" in text
    assert "multiplied by 4 (As in an earlier war)" in text
    assert "lowered by 0.2" in text
    assert "set to best 0.2, between 0.1 and 0.4" in text
    assert "31 October 2014, already in the numbers" in text
    assert "essay P5, P6" in text


def test_roles_that_nobody_fills_are_named(bare_page: str, whole_page: str) -> None:
    assert "The file names no client, threat and no suitor." in Outline(bare_page).text
    assert "The file names no" not in Outline(whole_page).text


def test_an_interrupted_run_says_so_first(bare_page: str, wordy_view: ReportView) -> None:
    assert "interrupted before any world was computed" in Outline(bare_page).text
    cut = Outline(page(replace(wordy_view, complete=False, asked=4096, failed_worlds=3))).text
    assert "interrupted: 2,048 worlds of the 4,096 asked for had been computed" in cut
    assert "3 of 2,048 worlds could not be computed" in cut


PAPER = "Figures and tables that stand folded in the HTML file are left out on paper."


def test_secondary_figures_are_folded_to_their_titles_and_paper_says_so(wordy_view: ReportView) -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    tables = [Table(name, f"What {name} says", "plain", columns, (("x", "y"),)) for name in ("why", "rest")]
    made = page(replace(wordy_view, findings=(Finding("bargaining", "what?", "found", (), tuple(tables)),)))
    assert made.count('<details class="folded">') == 1
    assert re.search(r'<details class="folded">\s*<summary>What why says</summary>', made)
    assert PAPER in made
    alone = page(replace(wordy_view, findings=(Finding("bargaining", "what?", "found", (), (tables[1],)),)))
    assert "folded in the HTML file" not in alone
    assert 'class="folded"' not in alone


def test_a_long_table_that_paper_leaves_out_leaves_no_heading_there(wordy_view: ReportView) -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    rows = tuple((f"row {k}", "y") for k in range(13))
    for count, shut in ((13, True), (12, False)):
        table = Table("rest", "Rest", "plain", columns, rows[:count])
        made = page(replace(wordy_view, findings=(Finding("bargaining", "what?", "found", (), (table,)),)))
        assert ('<figure id="f-bargaining.rest" class="shut">' in made) == shut
        assert (PAPER in made) == shut


def test_reasons_are_folded_below_the_second_level(wordy_view: ReportView) -> None:
    deep = Reason("third", "", (Reason("fourth", "", (Reason("source of it"),)), Reason("another")))
    verdict = replace(
        ordered_view(wordy_view).verdict,  # type: ignore[type-var]
        because=Reason("first", "", (Reason("second", "", (deep, deep)), Reason("beside"))),
    )
    text = page(replace(wordy_view, verdict=verdict))
    tree = text.partition('<ul class="because">')[2].partition('<div class="figures">')[0]
    before = tree.partition("<details>")[0]
    assert [word for word in ("first", "second", "third") if word in before] == ["first", "second"]
    assert tree.count("<details>") == 3, "of the second level one, of the third two"
    assert 'What stands behind it <span class="tally">2 reasons</span>' in tree
    assert tree.count("<small>source of it</small>") == 2, "a single ground needs no level of its own"


def test_long_cells_are_marked_for_narrow_screens(wordy_view: ReportView) -> None:
    long, short = "Norland leaves the pact and takes an offer at the expense of Sudland", "yes"
    table = Table(
        "rest", "Rest", "plain", (Column("a", "A"), Column("b", "B")), ((long, short), (short, long))
    )
    made = page(replace(wordy_view, findings=(Finding("bargaining", "what?", "found", (), (table,)),)))
    assert f'<th scope="row" class="long">{long}</th><td>yes</td>' in made
    assert f'<th scope="row">Yes</th><td class="long">{long}</td>' in made


@pytest.mark.parametrize("kind", ["intervals", "plain", "matrix"])
def test_an_empty_table_draws_nothing_and_says_so(wordy_view: ReportView, kind: str) -> None:
    empty = Table("nothing", "Nothing is known", kind, (Column("a", "A"), Column("b", "B")), ())  # type: ignore[arg-type]
    finding = Finding("empty", "what is there?", "found", (), (empty,))
    text = Outline(page(replace(wordy_view, findings=(finding,)))).text
    assert "There is nothing to show: the table is empty." in text


def test_claims_point_at_blocks_in_words(wordy_view: ReportView) -> None:
    claim = Claim(
        "x", "input", (Citation("essay"),), ("ties.norland.sudland", "stances.leader.sudland", "question")
    )
    view = replace(wordy_view, situation=replace(wordy_view.situation, claims={"C1": claim}))
    text = Outline(page(view)).text
    assert "Norland towards Sudland" in text
    assert "Fate of the leader: stance of Sudland" in text


def test_sources_say_what_else_cites_them(wordy_view: ReportView) -> None:
    known = {
        **wordy_view.situation.sources,
        "speech": replace(next(iter(wordy_view.situation.sources.values()))),
    }
    claim = Claim("x", "input", (Citation("speech"),), ("question",))
    for claims, words in (
        ({}, "no numbers"),
        ({"C1": claim}, "1 event or statement"),
        ({"C1": claim, "C2": claim}, "2 events or statements"),
    ):
        situation = replace(wordy_view.situation, sources=known, claims=claims)
        found = {
            source.ident: source.uses for source in ledger(replace(wordy_view, situation=situation)).sources
        }
        assert found["source-speech"] == words


def test_the_situation_is_named_once_in_the_provenance(whole_view: ReportView) -> None:
    situation = replace(whole_view.situation, name="north")
    for provenance in ({}, {"Situation": "north"}):
        text = page(replace(whole_view, situation=situation, provenance=provenance))
        assert text.count("<dt>Situation</dt>") == 1


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("sobol", "by a Sobol sequence, which covers the ranges more evenly than chance (seed"),
        ("latin", "by Latin hypercube sampling, which covers every range evenly (seed"),
        ("hand", "by hand (seed"),
    ],
)
def test_how_worlds_were_drawn_is_said_in_words(whole_view: ReportView, method: str, words: str) -> None:
    assert words in Outline(page(replace(whole_view, method=method))).text


def test_remarks_of_the_check_do_not_stand_under_what_is_left_out(whole_view: ReportView) -> None:
    remark = "north.yaml:3: warning: title: a remark"
    full = replace(whole_view, problems=(remark,))  # type: ignore[arg-type]
    bare = replace(full, priors=(), off=())
    for view in (full, bare):
        text = page(view)
        assert "What the check of the file remarked</h3>" in text
        assert ("<h3>Left out</h3>" in text or "and left out</h3>" in text) == bool(
            view.priors or view.off or ledger(view).bare
        )
