"""What the package shows to the outside."""

import subprocess
import sys

import pytest

import accord


def test_every_public_name_is_there_and_documented():
    for name in accord.__all__:
        thing = getattr(accord, name)
        assert thing.__doc__, name


def test_unknown_names_are_told():
    with pytest.raises(AttributeError, match="verdict"):
        _ = accord.verdict


def test_import_brings_nothing_heavy():
    heavy = ["numpy", "numba", "scipy", "matplotlib", "duckdb", "jinja2", "rich", "ruamel"]
    code = f"import sys, accord; print([name for name in {heavy} if name in sys.modules])"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_help_brings_nothing_heavy():
    code = (
        "import sys\nfrom accord.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('numpy', 'numba', 'scipy', 'matplotlib', 'duckdb') if name in sys.modules])"
    )
    assert subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.endswith("[]\n")
