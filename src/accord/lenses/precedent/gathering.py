"""Everything that the outside view shows of a situation, in order."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Measure, Table
from accord.formulas import wording
from accord.lenses.precedent import by_model, endings, given_age, saying, tables
from accord.lenses.precedent.own_data import Seen, missing_note, seen_in
from accord.lenses.precedent.profile import Profile, profile_of
from accord.lenses.precedent.stored import Stored
from accord.situation import Situation


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a finding is made of."""

    says: tuple[str, ...]
    tables: tuple[Table, ...]
    measures: tuple[Measure, ...]
    notes: tuple[str, ...]
    verified: str


def gathered(situation: Situation, stored: Stored | None, worlds: int) -> Gathered:
    """The outside view of a situation, with what a store adds."""
    profile = profile_of(situation)
    seen = Seen((), ()) if stored is None else seen_in(stored, situation, profile, worlds)
    absent = missing_note(stored)
    own = [*seen.notes, *([absent] if absent else [])]
    notes = [*saying.notes(profile), *(wording.sentence(note) for note in (*by_model.notes(profile), *own))]
    return Gathered(
        saying.sentences(profile),
        (*tables_of(profile, worlds), *seen.tables),
        (
            *saying.measures(profile, worlds),
            *given_age.measures(profile, worlds),
            *by_model.measures(profile, worlds),
        ),
        tuple(notes),
        saying.VERIFIED,
    )


def tables_of(profile: Profile, worlds: int) -> tuple[Table, ...]:
    """Every table that needs no store, the most telling first; the fitted model stands where its age belongs."""
    aged = given_age.at_age(profile, worlds)
    forecast = by_model.row_of(profile, tables.YEARS, worlds)
    worth = f"{by_model.skill()}."
    rates = tables.rates(profile, worlds)
    if aged is None:
        rates = tables.with_row(rates, forecast, worth)
    else:
        aged = tables.with_row(aged, forecast, worth)
    return (
        tables.survival(profile, worlds),
        *(() if aged is None else (aged,)),
        rates,
        endings.incidence(profile, worlds),
        endings.incidence_by_class(profile, worlds),
        endings.causes(profile, worlds),
        by_model.calibration(),
        tables.compliance(profile, worlds),
    )
