"""Write anew what ``accord check`` says about every file of ``bad/`` and ``odd/``; read each difference."""

from __future__ import annotations

import os
from pathlib import Path

from click.testing import CliRunner

from accord.cli import main

HERE = Path(__file__).resolve().parent


def rewrite() -> int:
    """Write every text; returns how many have changed."""
    changed = 0
    for path in sorted([*(HERE / "bad").iterdir(), *(HERE / "odd").iterdir()]):
        if path.suffix == ".txt":
            continue
        os.chdir(path.parent)
        found = CliRunner().invoke(main, ["check", path.name])
        told, beside = found.stderr + found.stdout, path.with_name(f"{path.name}.txt")
        if not beside.exists() or beside.read_text("utf-8") != told:
            beside.write_text(told, "utf-8")
            changed += 1
    return changed


if __name__ == "__main__":
    print(f"{rewrite()} texts have changed")
