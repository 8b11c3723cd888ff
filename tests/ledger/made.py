"""Forecasts by hand."""

from __future__ import annotations

from accord.ledger.forecast import Baseline, Carrier, Forecast


def forecast(name: str = "alive", yes: float = 0.7, by: str = "2016-12-31", **more: object) -> Forecast:
    """A forecast of a yes."""
    return Forecast(
        **{
            "id": f"case/{name}",
            "case": "case",
            "question_id": name,
            "question": f"Is it {name}?",
            "by": by,
            "as_of": "2015-12-15",
            "probabilities": {"yes": yes, "no": 1.0 - yes},
            "errors": {"yes": 0.01, "no": 0.01},
            "output": "endurance.survival.theatre.12",
            "month": 12,
            "worlds": 64,
            "seed": 0,
            "method": "sobol",
            "situation": "a" * 64,
            "asked_of": "a" * 64,
            "version": "0.1.0",
            "baseline": Baseline("wartime", 0.866, "ATOP"),
            "carried": (Carrier("ties.a.b.trust", 0.5),),
            **more,
        }  # type: ignore[arg-type]
    )


def causes(**chances: float) -> Forecast:
    """A forecast of a cause."""
    return forecast("cause", probabilities=chances, errors={}, baseline=None, question="How did it end?")
