"""Every page of the documentation and the README runs: Python blocks, and commands in ``console`` blocks.

A page's blocks run in order, in one scratch folder and one namespace.  In a ``console`` block a line that begins with
``$`` is run; the lines below it must occur in its output, in that order (``...`` stands for anything).  A command that
is meant to fail says so: ``$ accord check bad.yaml  # exit 2``.  Blocks that cannot run here (installing, ``make``) are
of another kind (``sh``) and are checked by CI itself.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if "decisions" not in p.parts)]
)
EXIT = re.compile(r"\s*#\s*exit (\d+)\s*$")


def fences(page):
    """(kind, line, text) of every fenced block."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    return [(t.info.strip(), t.map[0] + 1, t.content) for t in tokens if t.type == "fence"]


def commands(text):
    """(command, expected output lines) of a console block."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def run(command, folder):
    """Run one shell command with this environment's ``accord`` first on the path; returns status and output."""
    status = EXIT.search(command)
    plain = EXIT.sub("", command)
    home = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{home}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"}
    if not (home / "accord").exists():
        plain = re.sub(r"(^|\s)accord ", rf"\1{shlex.quote(sys.executable)} -m accord.cli ", plain)
        env["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        plain, shell=True, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == int(status.group(1) if status else 0), (
        f"$ {command}\n{done.stdout}{done.stderr}"
    )
    return done.stdout + done.stderr


def assert_shown(expected, output, command):
    """The expected lines occur in the output in order, white space folded."""
    rest = " ".join(output.split())
    for line in expected:
        for part in line.split("..."):
            wanted = " ".join(part.split())
            if wanted:
                assert wanted in rest, f"$ {command}\nshould show: {wanted}\nshows:\n{output}"
                rest = rest[rest.index(wanted) + len(wanted) :]


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict = {"__name__": "page"}
    for kind, line, text in fences(page):
        if kind.startswith("yaml title="):
            (tmp_path / kind.partition("title=")[2].strip('"')).write_text(text, "utf-8")
        elif kind == "python":
            exec(compile("\n" * line + text, str(page), "exec"), names)
        elif kind == "console":
            for command, expected in commands(text):
                assert_shown(expected, run(command, tmp_path), command)


@pytest.mark.parametrize("page", PAGES, ids=[str(p.relative_to(ROOT)) for p in PAGES])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"


def test_a_wrong_page_is_noticed(tmp_path, monkeypatch):
    page = tmp_path / "wrong.md"
    page.write_text("```python\nassert 1 == 2\n```\n", "utf-8")
    with pytest.raises(AssertionError):
        test_page_runs(page, tmp_path, monkeypatch)
    page.write_text("```console\n$ accord cases\nno such case\n```\n", "utf-8")
    with pytest.raises(AssertionError):
        test_page_runs(page, tmp_path, monkeypatch)
