"""The same results to the last bit whatever vector instructions a processor has."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

RUN = "import accord; print(accord.run('tehran-moscow-2015', worlds=32, effort='quick').digest)"


def digest(**environment: str) -> str:
    """Of a small run of the reference case in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", RUN], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(
    not any(__cpu_features__[name] for name in __cpu_dispatch__),
    reason="numpy has no faster instructions on this processor, so there is nothing to switch off",
)
def test_the_digest_does_not_hang_on_vector_instructions() -> None:
    usual = digest()
    assert len(usual) == 64
    switched_off = ",".join(name for name in __cpu_dispatch__ if __cpu_features__[name])
    assert digest(NPY_DISABLE_CPU_FEATURES=switched_off) == usual
    assert digest(OPENBLAS_CORETYPE="Nehalem") == usual
