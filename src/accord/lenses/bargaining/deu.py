"""Reads resolved issues from a table of the published DEU format (*The European Union Decides*, releases I to III).

One row an issue; a column ``p<actor>`` for positions, ``s<actor>`` for salience, ``rp`` for the outcome of no agreement and
``out`` for the outcome, all from 0 to 100.  Salience leaves this reader divided by 100, as everywhere in Accord.  Empty
cells, ``.``, ``NA`` and 999 (the code of the table itself) are missing.  A first row without proposal and issue may give
a capability for each actor in the columns of the positions (gross domestic product in the public copy).

Source of the data: R. Thomson et al. (eds), "The European Union Decides", Cambridge 2006; R. Thomson et al., "A new
dataset on decision-making in the European Union before and after the 2004 and 2007 enlargements", Journal of European
Public Policy 19(4), 2012; J. Arregui and C. Perarnaud, "A new dataset on legislative decision-making in the European
Union: the DEU III dataset", Journal of European Public Policy 29(1), 2022.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.problems import Problem, SituationError, did_you_mean, listed, worst_first

STATES = (
    *("at", "be", "bu", "cr", "cy", "cz", "de", "dk", "ee", "el", "es", "fi", "fr", "hu", "ie", "it"),
    *("lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk", "uk"),
)
ACTORS: tuple[str, ...] = tuple(sorted(("com", "ep", *STATES)))
# Votes of the states in the Council under the Treaty of Nice, as of the accession of Croatia (352 in all).
VOTES: dict[str, int] = {
    **dict.fromkeys(("de", "fr", "it", "uk"), 29),
    **dict.fromkeys(("es", "pl"), 27),
    "ro": 14,
    "nl": 13,
    **dict.fromkeys(("be", "cz", "el", "hu", "pt"), 12),
    **dict.fromkeys(("at", "bu", "se"), 10),
    **dict.fromkeys(("cr", "dk", "fi", "ie", "lt", "sk"), 7),
    **dict.fromkeys(("cy", "ee", "lu", "lv", "si"), 4),
    "mt": 3,
}
LEAST = 3
# Voting rules and procedures as files write them, in small letters; a bracket behind a rule does not count.
UNANIMITY = ("unan", "unanimity", "unanimous")
MAJORITY = (
    "qmv",
    "majority",
    "qualified majority",
    "qualified majority voting",
    "simple majority",
    "absolute majority",
)
RULE_WORDS = "QMV or Unan"
# Co-decision, consultation, cooperation, assent and consent, and what has no such procedure.
PROCEDURES = ("cod", "cns", "syn", "avc", "app", "acc", "nle", "ini", "cnb", "spe")
_UNKNOWN = ("", "unknown", "none")
_NEEDED = ("prnr", "isnr", "out")
_WORDS = ("prname", "proc", "counvte", "type", "council")
_MISSING = frozenset({"", ".", "na", "n/a", "nan"})
_CODE = 999.0
_TOP = 100.0


def council_power(actor: str) -> float:
    """Votes of a state in the Council; of Commission and Parliament, which have none there, those of an average state."""
    return float(VOTES[actor]) if actor in VOTES else sum(VOTES.values()) / len(VOTES)


def voting_of(rule: str) -> str | None:
    """``unanimity``, ``majority``, ``unknown`` where nothing is stated, or None for a word nobody knows."""
    word = " ".join(re.sub(r"\(.*\)$", "", rule.strip().lower()).split())
    if word in _MISSING or word in _UNKNOWN:
        return "unknown"
    if word in UNANIMITY:
        return "unanimity"
    return "majority" if word in MAJORITY else None


@dataclass(frozen=True, slots=True)
class ResolvedIssue:
    """One issue and what came of it.

    Parameters
    ----------
    proposal, issue : str
        Numbers of the proposal that the issue belongs to, and of the issue.
    actors : tuple of str
        By name.
    positions : tuple of (float or None), as many as actors
        On the scale from *low* to *high*; None where the actor holds none.
    salience : tuple of (float or None), as many as actors
        0..1; None where unknown.
    outcome, reference_point : float or None
        On the scale; what was decided, and what holds without agreement.
    procedure, rule : str
        As the file gives them (``COD``, ``CNS``; ``QMV``, ``Unan``); empty where unknown.
    name : str
        Short name of the proposal.
    low, high : float
        Ends of the scale.
    capability : tuple of (float or None), as many as actors, or None
        Above 0, in any unit; None for equal capability.
    line : int or None
        Line of the file.
    """

    proposal: str
    issue: str
    actors: tuple[str, ...]
    positions: tuple[float | None, ...]
    salience: tuple[float | None, ...]
    outcome: float | None = None
    reference_point: float | None = None
    procedure: str = ""
    rule: str = ""
    name: str = ""
    low: float = 0.0
    high: float = _TOP
    capability: tuple[float | None, ...] | None = None
    line: int | None = None

    @property
    def holders(self) -> int:
        """How many actors hold both position and salience."""
        return sum(
            p is not None and s is not None for p, s in zip(self.positions, self.salience, strict=True)
        )

    @property
    def voting(self) -> str:
        """``unanimity``, ``majority`` or ``unknown``."""
        return voting_of(self.rule) or "unknown"


@dataclass(frozen=True)
class Resolved:
    """All issues of a file.

    Parameters
    ----------
    issues : tuple of ResolvedIssue
        Those that count, by proposal and issue.
    left_out : dict of str to int
        Reasons, and how many issues each left out.
    missing : dict of str to int
        Kinds of numbers, and how often one was missing although its counterpart is there.
    gdp : dict of str to float
        Capability by actor where the file gives any.
    """

    issues: tuple[ResolvedIssue, ...]
    left_out: dict[str, int]
    missing: dict[str, int]
    gdp: dict[str, float]

    @property
    def proposals(self) -> int:
        """How many proposals the issues belong to."""
        return len({issue.proposal for issue in self.issues})


def read_deu(path: str | Path) -> Resolved:
    """Read a DEU table, tab, comma or semicolon separated.

    Parameters
    ----------
    path : str or Path
        A text file in UTF-8 or Latin-1; decimal commas are understood unless commas separate the columns.

    Returns
    -------
    Resolved

    Raises
    ------
    SituationError
        With every problem at once, each with its line and column.
    """
    file = str(path)
    header, rows = _table(Path(path), file)
    reader = _Rows(file, header)
    for line, cells in rows:
        reader.take(line, cells)
    if not reader.problems and not reader.read:
        reader.problems.append(Problem("no-rows", "holds no issue", expected="one row an issue", file=file))
    if reader.problems:
        raise SituationError(worst_first(reader.problems))
    kept = sorted(reader.kept, key=lambda issue: (issue.proposal, issue.issue))
    return Resolved(tuple(kept), dict(reader.left_out), dict(reader.missing), reader.gdp)


def _table(path: Path, file: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows with their lines; SituationError when there is no such table."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        says = f"cannot be read ({(error.strerror or str(error)).lower()})"
        raise SituationError([Problem("no-file", says, file=file)]) from None
    _refuse_bytes(raw, file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    first = text.split("\n", 1)[0]
    separator = max("\t;,", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        # A cell in quotes may run over lines: a row is told by the line on which it begins.
        begins = 1
        for cells in table:
            rows.append((begins, cells))
            begins = table.line_num + 1
    except csv.Error as error:
        says = f"is no table ({error})"
        raise SituationError([Problem("not-a-table", says, file=file, line=table.line_num)]) from None
    if not rows:
        raise SituationError([Problem("no-header", "is empty", expected="a row of column names", file=file)])
    header = [cell.strip().lower() for cell in rows[0][1]]
    problems = list(_header_problems(header, file))
    if problems:
        raise SituationError(problems)
    if separator != ",":
        rows = [(line, [_point(cell) for cell in cells]) for line, cells in rows]
    return header, [(line, cells) for line, cells in rows[1:] if any(cell.strip() for cell in cells)]


def _refuse_bytes(raw: bytes, file: str) -> None:
    """Refuse what is no text in UTF-8 or Latin-1."""
    says, hint = "", "save it as text, a row an issue, tab, comma or semicolon separated"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        says, hint = "is text in UTF-16", "save it as UTF-8"
    elif raw.startswith(b"PK\x03\x04"):
        says = "is a workbook or packed with zip, not text"
    elif b"\x00" in raw:
        says = "is binary, not text"
    if says:
        raise SituationError(
            [Problem("not-a-table", says, expected="text in UTF-8", try_instead=hint, file=file)]
        )


def _point(cell: str) -> str:
    """A decimal comma as a point, in cells that are numbers."""
    changed = cell.strip().replace(",", ".", 1)
    return changed if changed != cell and changed.replace(".", "", 1).lstrip("-").isdigit() else cell


def _header_problems(header: Sequence[str], file: str) -> list[Problem]:
    """What is wrong with the column names."""

    def wrong(says: str, hint: str = "") -> Problem:
        """A problem of the first line."""
        return Problem("columns", says, file=file, line=1, try_instead=hint)

    found = [
        wrong(f"column '{name}' is missing", did_you_mean(name, header))
        for name in _NEEDED
        if name not in header
    ]
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    found += [wrong(f"column '{name}' stands there more than once") for name in twice]
    pairs = [name for name in ACTORS if f"p{name}" in header and f"s{name}" in header]
    for name in ACTORS:
        there = [f"{kind}{name}" in header for kind in "ps"]
        if any(there) and not all(there):
            has, lacks = ("p", "s") if there[0] else ("s", "p")
            found.append(wrong(f"column '{has}{name}' has no counterpart '{lacks}{name}'"))
    if len(pairs) < LEAST:
        says = f"has positions and salience of {len(pairs)} known actors; {LEAST} or more are needed"
        hint = f"columns such as pcom, scom; the actors are {listed(ACTORS, 40)}"
        found.append(wrong(says, hint))
    return found


class _Rows:
    """Rows taken one by one, and what was wrong with them."""

    def __init__(self, file: str, header: Sequence[str]) -> None:
        self.file, self.header = file, header
        self.names = [name for name in ACTORS if f"p{name}" in header]
        self.problems: list[Problem] = []
        self.kept: list[ResolvedIssue] = []
        self.left_out: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.gdp: dict[str, float] = {}
        self.seen: dict[str, int] = {}
        self.read = 0

    def wrong(self, line: int, column: str, says: str, expected: str = "", hint: str = "") -> None:
        """Note a problem."""
        self.problems.append(Problem("cell", says, column, expected, hint, file=self.file, line=line))

    def take(self, line: int, cells: Sequence[str]) -> None:
        """Read one row."""
        if len(cells) != len(self.header):
            says = f"the row has {len(cells)} cells"
            self.wrong(line, "", says, f"{len(self.header)}, as many as there are column names")
            return
        row = dict(zip(self.header, (cell.strip() for cell in cells), strict=True))
        first, self.read = self.read == 0 and not self.gdp, self.read + bool(row["isnr"] or row["prnr"])
        if not row["prnr"] and not row["isnr"]:
            if first:
                self.gdp = self._capability(line, row)
            else:
                says = "neither proposal nor issue has a number"
                self.wrong(line, "prnr", says, "numbers; only the first row may hold capabilities")
            return
        self._issue(line, row)

    def _capability(self, line: int, row: Mapping[str, str]) -> dict[str, float]:
        """Capability of each actor."""
        found: dict[str, float] = {}
        for name in self.names:
            value = self._number(line, f"p{name}", row[f"p{name}"], None)
            if value is not None and value <= 0:
                self.wrong(line, f"p{name}", f"capability is {value:g}", "a number above 0")
            elif value is not None:
                found[name] = value
        return found

    def _issue(self, line: int, row: Mapping[str, str]) -> None:
        """One issue, kept or left out."""
        for column in ("prnr", "isnr"):
            if not row[column]:
                self.wrong(line, column, "is empty", "a number that tells it from all others")
        if row["isnr"] and row["isnr"] in self.seen:
            says = f"issue '{row['isnr']}' stands in line {self.seen[row['isnr']]} already"
            self.wrong(line, "isnr", says, "each issue once")
        self.seen.setdefault(row["isnr"], line)
        positions = [self._number(line, f"p{name}", row[f"p{name}"]) for name in self.names]
        stated = [self._number(line, f"s{name}", row[f"s{name}"]) for name in self.names]
        words = {word: row.get(word, "") for word in _WORDS}
        self._check_words(line, words)
        issue = ResolvedIssue(
            proposal=row["prnr"],
            issue=row["isnr"],
            actors=tuple(self.names),
            positions=tuple(positions),
            salience=tuple(None if care is None else care / _TOP for care in stated),
            outcome=self._number(line, "out", row["out"]),
            reference_point=self._number(line, "rp", row.get("rp", "")),
            procedure=words["proc"].upper(),
            rule=words["counvte"],
            name=words["prname"],
            line=line,
        )
        self._sort(issue)

    def _check_words(self, line: int, words: dict[str, str]) -> None:
        """Rule and procedure are known words, or missing; what is missing becomes empty."""
        for column in ("proc", "counvte"):
            if words[column].lower() in (*_MISSING, *_UNKNOWN):
                words[column] = ""
        rule, procedure = words["counvte"], words["proc"]
        if voting_of(rule) is None:
            near = did_you_mean(rule.lower(), (*UNANIMITY, *MAJORITY))
            self.wrong(
                line, "counvte", f"there is no voting rule '{rule}'", f"{RULE_WORDS}, or an empty cell", near
            )
        if procedure and procedure.lower() not in PROCEDURES:
            wanted = f"one of {listed([one.upper() for one in PROCEDURES], 20)}, or an empty cell"
            near = did_you_mean(procedure.upper(), [one.upper() for one in PROCEDURES])
            self.wrong(line, "proc", f"there is no procedure '{procedure}'", wanted, near)

    def _sort(self, issue: ResolvedIssue) -> None:
        """Keep an issue, or count why it is left out."""
        pairs = list(zip(issue.positions, issue.salience, strict=True))
        if issue.outcome is None:
            self.left_out["no outcome"] += 1
            return
        if issue.holders < LEAST:
            self.left_out[f"fewer than {LEAST} actors with position and salience"] += 1
            return
        self.missing["position without salience"] += sum(p is not None and s is None for p, s in pairs)
        self.missing["reference point"] += issue.reference_point is None
        self.kept.append(issue)

    def _number(self, line: int, column: str, cell: str, top: float | None = _TOP) -> float | None:
        """A number, or None where it is missing."""
        if cell.lower() in _MISSING:
            return None
        try:
            value = float(cell)
        except ValueError:
            self.wrong(line, column, f"'{cell}' is no number", "0 to 100, or an empty cell")
            return None
        if value == _CODE:
            return None
        if not (0 <= value <= (float("inf") if top is None else top)) or value == float("inf"):
            self.wrong(
                line, column, f"{cell} is off the scale", "0 to 100, or an empty cell (999 is missing)"
            )
            return None
        return value
