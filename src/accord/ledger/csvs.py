"""The ledger as one CSV table, one row for each forecast, for spreadsheets and for statistics of one's own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accord.disk import write_bytes
from accord.ledger.forecast import YES, Item
from accord.ledger.scores import scored

COLUMNS = (
    "id", "case", "question_id", "question", "by", "as_of", "whose", "said_by", "probability", "error", "probabilities",
    "output", "month", "worlds", "seed", "frozen_at", "after_the_fact", "answered_by", "outcome", "seen_on", "source",
    "resolutions", "provisional", "brier", "log_score", "clipped", "surprise_bits", "baseline", "baseline_probability",
    "baseline_age", "baseline_at_risk", "baseline_new_ones", "baseline_brier", "baseline_log_score", "situation", "run",
    "version", "note", "record", "sha256",
)  # fmt: skip


def rows_of(items: Sequence[Item]) -> list[dict[str, Any]]:
    """One mapping for each forecast, keys as in ``COLUMNS``; None where there is nothing."""
    known = {one.item.forecast.id: one for one in scored(items)}
    rows = []
    for item in items:
        made, told, score = item.forecast, item.resolution, known.get(item.forecast.id)
        base = made.baseline
        values = (
            made.id, made.case, made.question_id, made.question, made.by, made.as_of, made.whose, made.said_by or None,
            made.probabilities[YES] if made.is_binary else None,
            made.errors.get(YES),
            json.dumps(dict(made.probabilities), sort_keys=True),
            made.output or None, made.month, made.worlds or None, made.seed,
            item.frozen_at, item.after_the_fact, item.answered_by or None,
            told.outcome if told else None, told.on if told else None, told.source if told else None,
            len(item.resolutions), item.provisional,
            score.brier if score else None, score.log if score else None,
            score.clipped if score else None, score.surprise if score else None,
            base.kind if base else None, base.probability if base else None, base.age if base else None,
            base.at_risk if base else None, base.newborn if base else None,
            score.base_brier if score else None, score.base_log if score else None,
            made.situation or None, made.run or None, made.version or None, made.note or None,
            item.number or None, item.sha256 or None,
        )  # fmt: skip
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def csv_text(items: Sequence[Item]) -> str:
    """The table with a head, RFC 4180 with plain line ends; numbers with all their digits, nothing as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows_of(items):
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    """One cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def write_csv(items: Sequence[Item], path: Path) -> None:
    """Write the table whole or not at all; RunError when the place cannot be written."""
    write_bytes(path, csv_text(items).encode())
