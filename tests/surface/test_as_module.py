"""``python -m accord`` is the command ``accord``."""

import subprocess
import sys

import accord


def test_python_m_accord() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "accord", "--version"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, f"accord, version {accord.__version__}")
    done = subprocess.run(
        [sys.executable, "-m", "accord", "check", "nosuch"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("nosuch: ")
