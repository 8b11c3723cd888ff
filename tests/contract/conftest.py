"""Lenses meet made-up situations here: their reference populations are small, and nobody else ever sees them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.lenses.endurance import reference
from accord.lenses.endurance.population import Population, Structure, population


@pytest.fixture(autouse=True, scope="module")
def small_populations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A hundred partnerships instead of 2,000, kept in a folder of their own."""
    folder = tmp_path_factory.mktemp("populations")

    def few(structure: Structure, variant: str) -> Population:
        """A small population."""
        return population(size=100, structure=structure, variant=variant)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCORD_CACHE_DIR", str(folder))
        patch.setattr(reference, "_people", few)
        reference.forget()
        yield folder
    reference.forget()
