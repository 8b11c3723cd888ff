"""``python -m accord``: the same as the command ``accord``."""

from __future__ import annotations

from accord.cli import main

if __name__ == "__main__":
    main(prog_name="python -m accord")
