"""A case is called by its file, or by the folder of a file whose name says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import accord
from accord import doors
from accord.forecasting.naming import titled


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("pact.yaml", "pact"),
        ("Nile water/situation.yaml", "Nile-water"),
        ("a/situation.yaml", "a"),
        ("Döner & Söhne 2.0/situation.yaml", "Döner-Söhne-2.0"),
        ("situation/situation.yaml", "TITLE"),
        ("---/situation.yaml", "TITLE"),
    ],
)
def test_names(tmp_path: Path, place: str, name: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((Path(accord.__file__).parent / "files" / "template.yaml").read_text("utf-8"), "utf-8")
    situation = accord.read(path)
    found = titled(str(path), situation)
    assert found.name == name.replace("TITLE", "-".join(situation.title.split()))
    assert (found, found.digest) == (situation, situation.digest)


def test_a_file_of_the_folder_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doors.start(tmp_path / "harbour")
    monkeypatch.chdir(tmp_path / "harbour")
    assert titled("situation.yaml", accord.read("situation.yaml")).name == "harbour"


def test_a_shipped_case_keeps_its_name() -> None:
    case = "tehran-moscow-2015"
    assert titled(case, accord.read(case)).name == case
