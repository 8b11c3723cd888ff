"""Stores that several tests read: one from the shared data, one made up."""

import sys
from pathlib import Path

import pytest

from accord.data import import_files

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "precedent"
sys.path.insert(
    0, str(Path(__file__).resolve().parents[2] / "data")
)  # the samples are beside the tests of that room
sys.path.insert(0, str(Path(__file__).resolve().parent))
from native_samples import ALLIANCES, EVENTS, NMC, VOTES  # noqa: E402

FILES = (
    "atop-alliance-level.csv",
    "ps_atop_alliance.parquet",
    "berkemeier_fuhrmann_2018.parquet",
    "un_votes.parquet",
    "un_roll_calls.parquet",
    "un_idealpoints_2025.parquet",
    "ps_cow_nmc.parquet",
    "icews-events-2018-sample.tab",
)
IDEAL = "ccode,year,idealpointfp\n365,2000,-0.5\n630,2000,-1.25\n365,2001,0\n630,2001,\n"


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shared data, imported."""
    if not SHARED.exists():
        pytest.skip("the shared data is not beside the repository")
    store = tmp_path_factory.mktemp("shared") / "precedent.duckdb"
    import_files([SHARED / name for name in FILES], store=store)
    return store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few made-up rows, imported."""
    folder = tmp_path_factory.mktemp("small")
    dated = VOTES.replace("vote\n", "vote,year\n").replace("yes\n", "yes,2000\n")
    dated = dated.replace("abstain\n", "abstain,2000\n").replace("no\n", "no,2000\n")
    paths = []
    for name, text in (
        ("a.csv", ALLIANCES),
        ("e.tab", EVENTS),
        ("n.csv", NMC),
        ("v.csv", dated),
        ("i.csv", IDEAL),
    ):
        (folder / name).write_text(text)
        paths.append(folder / name)
    store = folder / "precedent.duckdb"
    import_files(paths, store=store)
    return store
