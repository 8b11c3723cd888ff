"""Compiled templates are kept, and a template that has changed is compiled anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, pass_context
from jinja2.runtime import Context

from accord.report import compiled
from accord.report.compiled import Compiled


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every template that is compiled, with a cache folder of one's own."""
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    seen: list[str] = []
    real = Environment.compile

    def compile_(self: Environment, source: str, *rest: object, **more: object) -> object:
        seen.append(source)
        return real(self, source, *rest, **more)

    monkeypatch.setattr(Environment, "compile", compile_)
    return seen


def _rendered(folder: Path, **settings: object) -> str:
    made = Environment(
        loader=FileSystemLoader(folder), bytecode_cache=Compiled(), optimized=False, **settings
    )
    return made.get_template("one.html").render(name="<b>")


def test_it_is_compiled_once_and_again_when_it_changes(tmp_path: Path, counted: list[str]) -> None:
    (tmp_path / "one.html").write_text("Hello {{ name }}")
    assert [_rendered(tmp_path) for _ in range(3)] == ["Hello <b>"] * 3
    assert counted == ["Hello {{ name }}"]
    (tmp_path / "one.html").write_text("Bye {{ name }}")
    assert _rendered(tmp_path) == "Bye <b>"
    assert len(counted) == 2


def test_other_settings_and_versions_are_compiled_by_themselves(
    tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.html").write_text("Hello {{ name }}")
    assert _rendered(tmp_path) == "Hello <b>"
    assert _rendered(tmp_path, autoescape=True) == "Hello &lt;b&gt;"
    monkeypatch.setattr(compiled, "_version", lambda: "another")
    assert _rendered(tmp_path) == "Hello <b>"
    assert len(counted) == 3


def test_what_is_damaged_is_compiled_anew(tmp_path: Path, counted: list[str]) -> None:
    (tmp_path / "one.html").write_text("Hello {{ name }}")
    _rendered(tmp_path)
    for kept in (tmp_path / "cache").rglob("*.kept"):
        kept.write_bytes(kept.read_bytes()[:-4])
    assert _rendered(tmp_path) == "Hello <b>"
    assert len(counted) == 2


def test_it_is_compiled_again_when_a_filter_is_given_something_else(
    tmp_path: Path, counted: list[str]
) -> None:
    """What a filter is passed besides its value is part of the compiled template."""

    @pass_context
    def told(context: Context, value: str) -> str:
        return f"{value} of {context['name']}"

    (tmp_path / "one.html").write_text("{{ 'sign' | say }}")
    said = []
    for filter_ in (str.upper, told, told):
        made = Environment(loader=FileSystemLoader(tmp_path), bytecode_cache=Compiled(), optimized=False)
        made.filters["say"] = filter_
        said.append(made.get_template("one.html").render(name="peace"))
    assert said == ["SIGN", "sign of peace", "sign of peace"]
    assert len(counted) == 2
