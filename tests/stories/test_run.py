"""From a file to a report, as a user does it: the command line and the front door."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

import accord
from accord.cli import main
from accord.study.effort import EFFORTS, USUAL

CASE = "tehran-moscow-2015"
# The digest is of the worlds, not of what is judged with them afterwards: a usual run without other calibrations, claims
# and levers has the same one in half the time.
BARE = USUAL.bare()
FEW, SEED = 8, 5


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Runs the command in a scratch folder; returns (status, standard output, standard error)."""
    from click.testing import CliRunner

    monkeypatch.chdir(tmp_path)

    def call(*words):
        done = CliRunner().invoke(main, list(words))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def stop(*_, **__):
    """Ctrl-C at this very moment."""
    raise KeyboardInterrupt


def unread(*_):
    """Instead of a report where nothing that follows is about it; a page takes as long as some worlds."""


@pytest.fixture
def bare(monkeypatch):
    """Usual runs look at worlds and scenarios, and stop there."""
    monkeypatch.setitem(EFFORTS, "usual", BARE)


@pytest.fixture(scope="module")
def digest():
    """The digest of a few worlds of the shipped case, run in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EFFORTS, "usual", BARE)
        return accord.run(CASE, worlds=FEW, seed=SEED, chunk=FEW, threads=1).digest


@pytest.mark.timeout(1200)  # comes first of all where workers share the tests, and compiles the kernels
def test_a_case_runs_and_leaves_manifest_results_and_report(cli, tmp_path):
    status, out, _ = cli("run", CASE, "--worlds", "32", "--out", "o")
    assert status == 0
    assert "Where do they agree, and where not?" in out
    assert "What would they settle on?" in out
    manifest = json.loads((tmp_path / "o/run.json").read_text("utf-8"))
    assert manifest["run"]["complete"]
    assert manifest["run"]["worlds"] == 32
    assert {f["lens"] for f in manifest["findings"]} == {
        "endurance",
        "interests",
        "bargaining",
        "conflict",
        "alignment",
        "precedent",
    }
    assert len(manifest["scenarios"]) == 8
    drawn = (
        duckdb.connect()
        .execute(f"select count(*), min(world), max(world) from '{tmp_path}/o/worlds.parquet'")
        .fetchone()
    )
    assert drawn == (32, 1, 32)
    assert "<html" in (tmp_path / "o/report.html").read_text("utf-8")
    assert not (tmp_path / "o/chunks").exists()


def test_a_scenario_can_be_looked_at_instead(cli, tmp_path):
    status, out, _ = cli("run", CASE, "--worlds", "8", "--scenario", "threat_removed", "--out", "o")
    assert status == 0
    assert "threat_removed" in out
    manifest = json.loads((tmp_path / "o/run.json").read_text("utf-8"))
    assert manifest["situation"]["seen_as"] == "threat_removed"
    assert "as_it_stands" in manifest["scenarios"]
    assert "threat_removed" not in manifest["scenarios"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--scenario", "threat_remved"], "did you mean 'threat_removed'?"),
        (["--worlds", "100"], "64 or 128"),
    ],
)
def test_bad_options_leave_with_2_and_write_nothing(cli, tmp_path, words, says):
    status, _, err = cli("run", CASE, *words, "--out", "o")
    assert status == 2
    assert says in err
    assert not (tmp_path / "o" / "run.json").exists()


def test_a_bad_file_leaves_with_2_and_writes_nothing(cli, tmp_path):
    (tmp_path / "bad.yaml").write_text("accord: 1\ntitel: x\n", "utf-8")
    status, _, err = cli("run", "bad.yaml", "--out", "o")
    assert status == 2
    assert "did you mean 'title'?" in err
    assert not (tmp_path / "o").exists()


def test_a_folder_that_cannot_be_written_leaves_with_1(cli, tmp_path):
    (tmp_path / "o").write_text("a file where the folder should be", "utf-8")
    status, _, err = cli("run", CASE, "--worlds", "8", "--out", "o/p")
    assert status == 1
    assert "Traceback" not in err
    assert (tmp_path / "o").read_text("utf-8") == "a file where the folder should be"


def test_same_file_and_seed_same_digest_whatever_chunks_and_threads(bare, digest):
    situation = accord.read(CASE)
    wanted = {"worlds": FEW, "seed": SEED}
    assert accord.run(situation, **wanted, chunk=3, threads=2).digest == digest
    assert accord.run(situation, **wanted, chunk=1).digest == digest


def test_another_seed_or_method_another_digest():
    plain, *others = (
        accord.run(CASE, worlds=FEW, effort="quick", **how).digest
        for how in ({}, {"seed": 1}, {"method": "latin"})
    )
    assert plain not in others
    assert accord.run(CASE, worlds=FEW, effort="quick", seed=0).digest == plain


def test_formatting_order_of_keys_and_file_name_do_not_change_the_digest(tmp_path, bare, digest):
    situation = accord.read(CASE)
    accord.save(situation, tmp_path / "other.json")
    data = json.loads((tmp_path / "other.json").read_text("utf-8"))
    turned = {
        key: dict(reversed(list(value.items()))) if isinstance(value, dict) else value
        for key, value in reversed(list(data.items()))
    }
    (tmp_path / "turned.json").write_text(json.dumps(turned), "utf-8")
    again = accord.read(tmp_path / "turned.json")
    assert again.digest == situation.digest
    assert accord.run(again, worlds=FEW, seed=SEED).digest == digest


def test_digest_is_the_same_in_another_process_with_another_hash_seed(digest):
    code = (
        "import accord; from accord.study.effort import EFFORTS, USUAL; EFFORTS['usual'] = USUAL.bare();"
        f"print(accord.run('{CASE}', worlds={FEW}, seed={SEED}).digest)"
    )
    other = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": other},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{digest}\n"


def command(*words):
    """The command in a process of its own."""
    return [sys.executable, "-m", "accord.cli", "run", CASE, *words]


def manifest_of(folder):
    """What a run left."""
    return json.loads((folder / "run.json").read_text("utf-8"))


@pytest.mark.timeout(900)  # where no kernel is kept yet, the child compiles first
def test_cancelling_keeps_what_is_done_and_resuming_goes_on_to_the_same_digest(tmp_path):
    """A real Ctrl-C among the worlds, and ``--resume`` with the options that the folder remembers."""
    options = ("--quick", "--worlds", "256", "--seed", "3")
    running = subprocess.Popen(
        command(*options, "--chunk", "2", "--out", "o"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 500
    while len(list(tmp_path.glob("o/chunks/*/*.done"))) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=200)
    assert running.returncode == 130, err
    cut = manifest_of(tmp_path / "o")
    assert 0 < cut["run"]["done"] < 256
    assert cut["run"]["interrupted"]
    assert out.startswith(f"Cancelled: {cut['run']['done']} of 256 worlds are done and kept;")
    assert cut["left_out"] == [], "a quick run has no claims that a cancel could take"
    assert re.search("ancelled|interrupted", (tmp_path / "o/report.html").read_text("utf-8"))
    for words in (("--resume", "--out", "o"), (*options, "--out", "whole")):
        finished = subprocess.run(command(*words), cwd=tmp_path, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr
    resumed, whole = manifest_of(tmp_path / "o"), manifest_of(tmp_path / "whole")
    made = resumed["run"]
    assert (made["done"], made["seed"], made["effort"]["name"]) == (256, 3, "quick")
    assert resumed["digest"] == whole["digest"] != cut["digest"]
    assert resumed["verdict"] == whole["verdict"]
    assert not (tmp_path / "o/chunks").exists()


def test_a_folder_of_another_situation_is_not_resumed(cli, monkeypatch):
    """Options that were chosen for one file are not quietly taken for another, or for the file as it was changed."""
    assert cli("new", "mine")[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr("accord.job.write_report", stop)
        assert cli("run", "mine/situation.yaml", "--worlds", "8", "--quick", "--out", "o")[0] == 130
    there = sorted(Path("o/chunks").rglob("*"))
    hint = "the same command without --resume starts one"
    expected = f"o: what was cancelled here was not a run of '{{}}' as it is now; try: {hint}\n"
    assert cli("run", CASE, "--resume", "--out", "o") == (2, "", expected.format(CASE))
    mine = Path("mine/situation.yaml")
    before = mine.read_text("utf-8")
    mine.write_text(before.replace("word: high", "word: low", 1), "utf-8")
    assert mine.read_text("utf-8") != before
    assert cli("run", str(mine), "--resume", "--out", "o") == (2, "", expected.format(mine))
    assert sorted(Path("o/chunks").rglob("*")) == there
    mine.write_text(f"# a remark\n{before}", "utf-8")
    monkeypatch.setattr("accord.job.write_report", unread)
    assert cli("run", str(mine), "--resume", "--out", "o")[0] == 0


def test_a_cancelled_run_is_not_resumed_with_other_options(cli, monkeypatch):
    """Worlds of a thorough run are not thrown away for a quick one."""
    with monkeypatch.context() as patch:
        patch.setattr("accord.job.write_report", stop)
        options = ("--worlds", "8", "--quick", "--out", "o")
        assert cli("run", CASE, *options)[0] == 130
    kept = {path: path.read_bytes() for path in Path("o").rglob("*") if path.is_file()}
    for given in (("--thorough",), ("--worlds", "16"), ("--seed", "1"), ("--policy", "spatial")):
        expected = (
            f"o: what was cancelled here was started with --quick --worlds 8, not with {' '.join(given)};"
            " try: --resume without these, or another folder (--out)\n"
        )
        assert cli("run", CASE, *given, "--resume", "--out", "o") == (2, "", expected)
        assert {path: path.read_bytes() for path in Path("o").rglob("*") if path.is_file()} == kept
    # What holds anyway is no other option.
    monkeypatch.setattr("accord.job.write_report", unread)
    same = ("--quick", "--seed", "0", "--threads", "1", "--policy", "weighted_mean")
    assert cli("run", CASE, *same, "--resume", "--out", "o")[0] == 0
    assert manifest_of(Path("o"))["run"]["worlds"] == 8


@pytest.mark.parametrize("noted", ["{}", "[]", '{"worlds": 8}', "{"])
def test_options_that_cannot_be_used_are_nothing_to_resume(cli, noted):
    Path("o/chunks").mkdir(parents=True)
    Path("o/chunks/options.json").write_text(noted, "utf-8")
    status, _, err = cli("run", CASE, "--resume", "--out", "o")
    assert status == 2
    assert f"no run of '{CASE}' was cancelled here" in err


def test_a_resumed_run_has_the_digest_of_a_whole_one(tmp_path, bare, digest):
    situation = accord.read(CASE)
    accord.run(situation, worlds=FEW, seed=SEED, chunk=2, keep=tmp_path)
    markers = sorted(tmp_path.glob("*/*.done"))
    assert len(markers) == 8, "four of the situation, four with its scenarios"
    for marker in markers[1:]:
        marker.unlink()
    assert accord.run(situation, worlds=FEW, seed=SEED, chunk=2, keep=tmp_path).digest == digest


def test_every_number_of_the_case_can_be_explained(cli):
    status, out, _ = cli("explain", CASE, "ties.iran.russia.trust")
    assert status == 0
    assert "rests on" in out
    assert re.search(r"stands at .*tehran-moscow-2015\.yaml:\d+", out)
    situation = accord.read(CASE)
    from accord.situation import estimates

    shown = accord.explain(CASE, "partnership")
    assert {one.path for one in shown} == {
        path for path in estimates(situation) if path.startswith("partnership.")
    }
    assert all(one.question and one.readers for one in shown)


def test_template_passes_check_and_runs(cli, tmp_path):
    assert cli("new", "mine")[0] == 0
    status, _, err = cli("new", "mine")
    assert status == 2
    assert "already" in err
    assert cli("check", "mine/situation.yaml")[0] == 0
    assert cli("run", "mine/situation.yaml", "--worlds", "8", "--out", "o")[0] == 0


def test_a_situation_without_client_threat_or_suitor_runs(tmp_path):
    path = tmp_path / "bare.yaml"
    path.write_text(
        "accord: 1\ntitle: Bare\nas_of: 2020\nresources: {ships: {}}\n"
        "actors: {a: {kind: state}, b: {kind: state}}\n"
        "issues: {i: {question: What?, scale: {low: 0, high: 1, low_means: 'no', high_means: 'yes'}}}\n"
        "stances: {i: {a: {position: 0.2, salience: 0.5}, b: {position: 0.9, salience: 0.5}}}\n"
        "partnership: {patrons: {a: {}, b: {}}}\n",
        "utf-8",
    )
    study = accord.run(path, worlds=8)
    assert study.finding("interests").status == "found"
    assert study.finding("endurance").status == "found"
    assert "threat" not in " ".join(study.finding("endurance").says)
    assert [unfit.lens for unfit in study.base.unfit] == [
        "bargaining",
        "conflict",
        "alignment",
    ]  # nobody states a capability
    accord.write_report(study, tmp_path / "bare.html")


def test_a_situation_without_issues_says_so_instead_of_answering(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text(
        "accord: 1\ntitle: Empty\nas_of: 2020\nactors: {a: {kind: state}, b: {kind: state}}\n"
        "partnership: {patrons: {a: {}, b: {}}}\n",
        "utf-8",
    )
    study = accord.run(path, worlds=8)
    assert [finding.lens for finding in study.findings] == ["precedent"], "it knows what happened to any two"
    assert len(study.base.unfit) == 5
    assert "means" in study.base.unfit[0].needs[0].says
    assert accord.look(accord.read(path), "interests", worlds=8).status == "not_applicable"
    accord.write_report(study, tmp_path / "empty.html")


def test_look_refuses_unknown_lenses():
    with pytest.raises(accord.SituationError, match="did you mean 'interests'"):
        accord.look(accord.read(CASE), "interest")


def test_list_of_cases(cli):
    status, out, _ = cli("cases")
    assert status == 0
    assert CASE in out
    assert Path(accord.list_cases()[CASE]).is_file()


def test_a_case_travels_through_workbook_folder_and_json_unchanged(cli):
    assert cli("convert", CASE, "c.xlsx")[0] == 0
    assert cli("convert", "c.xlsx", "folder", "--layout", "long")[0] == 0
    assert cli("convert", "folder", "c.json")[0] == 0
    assert cli("diff", CASE, "c.json")[1].strip() == "no differences"
    assert accord.read("c.json").digest == accord.read(CASE).digest


def test_a_workbook_template_passes_check_and_is_never_overwritten(cli, tmp_path):
    assert cli("template", "t.xlsx")[0] == 0
    before = (tmp_path / "t.xlsx").read_bytes()
    assert cli("check", "t.xlsx")[0] == 0
    assert cli("template", "t.xlsx")[0] == 2
    assert (tmp_path / "t.xlsx").read_bytes() == before
    assert cli("template", "t.txt") == (2, "", "t.txt: a template is a workbook; try: 't.xlsx'\n")


def test_convert_writes_over_nothing_unless_asked(cli, tmp_path):
    assert cli("new", "mine")[0] == 0
    mine = "mine/situation.yaml"
    before = (tmp_path / mine).read_text("utf-8")
    taken = "there is something here already; try: another name, or --replace"
    assert cli("convert", CASE, mine) == (2, "", f"{mine}: {taken}\n")
    assert cli("convert", CASE, "mine") == (2, "", f"mine: {taken}\n")
    assert (tmp_path / mine).read_text("utf-8") == before
    (tmp_path / "empty").mkdir()
    assert cli("convert", mine, "empty")[0] == 0
    assert cli("convert", "empty", mine, "--replace")[0] == 0
    assert (tmp_path / mine).read_text("utf-8") == before
    ending = (
        "no form of a situation has this ending; expected .yaml, .json or .xlsx, .csv or .xml for its bargaining game, or a new"
        " folder for CSV files"
    )
    assert cli("convert", mine, "mine.pdf") == (2, "", f"mine.pdf: {ending}\n")


def test_diff_and_explain_answer_machines_too(cli):
    assert json.loads(cli("diff", CASE, CASE, "--json")[1]) == []
    one = json.loads(cli("explain", CASE, "partnership.territory", "--json")[1])[0]
    assert one["path"] == "partnership.territory"
    assert json.loads(cli("check", CASE, "--json")[1]) == []
    assert CASE in json.loads(cli("cases", "--json")[1])
    assert json.loads(cli("schema")[1])["$schema"]


def test_cancelling_before_the_first_world_says_that_nothing_was_written(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("accord.job.run", stop)
    assert cli("run", CASE, "--worlds", "8", "--out", "o") == (130, "", "cancelled; nothing was written\n")
    assert not (tmp_path / "o").exists()


def test_cancelling_while_the_report_is_written_keeps_the_worlds(cli, monkeypatch):
    command = ("run", CASE, "--quick", "--worlds", "8", "--out", "o")
    with monkeypatch.context() as patch:
        patch.setattr("accord.job.write_report", stop)
        status, out, err = cli(*command)
    kept = "cancelled; the worlds that are done are kept, and the same command goes on from there\n"
    assert (status, out, err) == (130, "", kept)
    assert list(Path("o/chunks").glob("*/*.done"))
    assert cli(*command)[0] == 0


def test_a_run_cancelled_among_the_claims_is_resumed_with_its_options_to_the_same_digests(
    cli, monkeypatch, digest
):
    options = ("--worlds", str(FEW), "--seed", str(SEED))
    with monkeypatch.context() as patch:
        patch.setattr("accord.study.claims._judged", stop)
        status, out, err = cli("run", CASE, *options, "--out", "o")
    assert status == 130, err
    before = json.loads(Path("o/run.json").read_text("utf-8"))
    assert before["run"]["interrupted"]
    assert before["claims"] == []
    assert before["left_out"] == ["claims (cancelled)"]
    assert out.startswith(
        "Cancelled: all 8 worlds are done and kept; the same command goes on from there. Not in this"
    )
    for digest_of in (before["digest"], before["verdict"]["digest"]):
        assert digest_of[:16] in out
    assert before["verdict"]["label"]
    assert Path("o/report.html").is_file()
    monkeypatch.setattr("accord.job.write_report", unread)
    assert cli("run", CASE, "--resume", "--out", "o")[0] == 0
    resumed = json.loads(Path("o/run.json").read_text("utf-8"))
    assert resumed["run"]["seed"] == SEED
    assert len(resumed["claims"]) == 58
    status, out, _ = cli("run", CASE, *options, "--out", "whole", "--json")
    assert status == 0
    whole = json.loads(Path("whole/run.json").read_text("utf-8"))
    assert json.loads(out) == whole
    assert resumed["digest"] == whole["digest"] == before["digest"]
    assert whole["digest"] == digest, "what is judged afterwards changes no world"
    assert resumed["verdict"] == whole["verdict"]
    assert resumed["claims"] == whole["claims"]
    status, _, err = cli("run", CASE, "--resume", "--out", "o")
    assert status == 2
    assert "no run of 'tehran-moscow-2015' was cancelled here" in err


def test_cancelling_any_other_command_leaves_with_130(cli, monkeypatch):
    monkeypatch.setattr(accord, "check", stop, raising=False)
    assert cli("check", CASE) == (130, "", "cancelled; nothing was written\n")


def test_a_place_that_cannot_be_written_is_told_before_anything_is_computed(cli, monkeypatch):
    Path("taken").write_text("a file", "utf-8")
    monkeypatch.setattr("accord.study.running.columns_of", stop)
    status, out, err = cli("run", CASE, "--worlds", "8", "--out", "taken/o")
    says = "taken/o: cannot be written (not a directory); try: another folder\n"
    assert (status, out, err) == (1, "", says)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_an_answer_that_cannot_be_printed_is_told():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "accord.cli", "cases"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "the answer cannot be printed (no space left on device)\n")
