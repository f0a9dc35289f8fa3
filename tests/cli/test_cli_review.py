"""`dramaloc review`: out to people and back."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from dramaloc.batch.manifest import is_complete, read_manifest
from dramaloc.memory.store import Memory
from dramaloc.review.identity import key_of
from dramaloc.review.record import read_record
from dramaloc.subtitles import formats

Cli = Callable[..., Result]
SOURCE = ("你好", "好啊", "再见")


@pytest.fixture
def made(
    cli: Cli, tmp_path: Path, make_srt: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A show that was localized by `echo` into out/; also the cwd."""
    show = tmp_path / "show"
    show.mkdir()
    (show / "dramaloc.toml").write_text('[series]\ntitle = "S"\n', "utf-8")
    (show / "E01.zh-Hans.srt").write_text(make_srt(*SOURCE), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli("localize", "show", "-m", "en-US", "--engine", "echo", "-o", "out").exit_code == 0
    return tmp_path


def _edits(path: Path, reviewer: str, **texts: str) -> Path:
    """Write edits as the page does, by the numbers of cues."""
    cues = formats.read((path.parent / "show" / "E01.zh-Hans.srt").read_bytes()).cues
    content = {
        "dramaloc-edits": 1,
        "reviewer": reviewer,
        "cues": [
            {
                "id": key_of(cues[int(number[1:]) - 1]), "cue": int(number[1:]),
                "before": cues[int(number[1:]) - 1].text, "text": text, "approved": True,
            }
            for number, text in texts.items()
        ],
    }  # fmt: skip
    path.write_text(json.dumps(content), "utf-8")
    return path


OUT = Path("out/E01.en-US.srt")


def test_the_source_and_market_are_found_by_themselves(cli: Cli, made: Path) -> None:
    for form in ("html", "xliff", "xliff2", "csv", "xlsx"):
        result = cli("review", "export", OUT, "--format", form)
        assert result.exit_code == 0
        written = Path(result.stdout.split(": 3 cues")[0])
        assert written.parent == OUT.parent
        assert written.stat().st_size > 500
    assert "你好" in (made / "out" / "E01.en-US.srt.review.html").read_text("utf-8")


def test_edits_go_into_the_file_the_record_the_manifest_and_the_memory(
    cli: Cli, made: Path
) -> None:
    before = OUT.read_text("utf-8")
    _edits(made / "lin.json", "Lin", c1="Hello", c2="好啊")
    result = cli("review", "apply", "lin.json", OUT, "-o", OUT)
    assert result.stdout.splitlines() == [
        "cue 1 00:00:00,000 --> 00:00:02,000 changed",
        "  [-你好-]{+Hello+}",
        f"{OUT}: 1 edited, 2 reviewed, 2 new in {made / 'show' / 'memory.sqlite'}",
    ]
    assert OUT.read_text("utf-8") == before.replace("你好", "Hello")
    record = read_record(OUT)
    assert [(each.source, each.text, each.by) for each in record.values()] == [
        ("你好", "Hello", ("Lin",)),
        ("好啊", "好啊", ("Lin",)),
    ]
    with Memory.open(made / "show" / "memory.sqlite") as memory:
        entries = list(memory.entries("en-US"))
    assert {
        (e.source, e.target, e.origin, e.reviewed, e.show, e.episode, e.after) for e in entries
    } == {
        ("你好", "Hello", "Lin", True, "S", "E01", "好啊"),
        ("好啊", "好啊", "Lin", True, "S", "E01", "再见"),
    }
    entry = read_manifest(made / "out")["E01.en-US.srt"]
    assert is_complete(OUT, entry)
    assert entry.replaces == ""
    again = cli("localize", "show", "-m", "en-US", "--engine", "echo", "-o", "out")
    assert (again.exit_code, OUT.read_text("utf-8")) == (0, before.replace("你好", "Hello"))


def test_reviewed_cues_are_handed_out_as_approved(cli: Cli, made: Path) -> None:
    _edits(made / "lin.json", "Lin", c1="Hello")
    cli("review", "apply", "lin.json", OUT, "-o", OUT, "--memory", "none")
    assert not (made / "show" / "memory.sqlite").exists()
    cli("review", "export", OUT, "--format", "csv", "-o", "back.csv")
    assert Path("back.csv").read_text("utf-8-sig").count('"yes"') == 1
    result = cli(
        "review", "apply", "back.csv", OUT, "-o", OUT, "--memory", "none", "--reviewer", "Ma"
    )
    assert result.stdout == f"{OUT}: 0 edited, 0 reviewed\n"
    assert [each.by for each in read_record(OUT).values()] == [("Lin",)]


def test_disagreement_and_misfits_write_nothing_unless_told(cli: Cli, made: Path) -> None:
    _edits(made / "lin.json", "Lin", c1="Hello", c2="Carving")
    _edits(made / "ma.json", "Ma", c1="Hi", c3="Bye")
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    result = cli("review", "apply", "lin.json", "ma.json", OUT, "-o", "new.srt")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "cue 1: reviewers disagree",
        "  Lin: 'Hello'",
        "  Ma: 'Hi'",
        "Nothing was written. Settle these, or say --partial to apply the rest.",
    ]
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before
    result = cli("review", "apply", "lin.json", "ma.json", OUT, "-o", "new.srt", "--partial",
                 "--format", "json")  # fmt: skip
    assert result.exit_code == 1
    data: Any = json.loads(result.stdout)["data"]
    assert [each["cue"] for each in data["reviewed"]] == [2, 3]
    assert data["disputed"][0]["wishes"][1] == {"by": "Ma", "text": "Hi"}
    assert "Carving" in Path("new.srt").read_text("utf-8")
    result = cli("review", "apply", "lin.json", "new.srt", "-o", "new.srt", "--source",
                 "show/E01.zh-Hans.srt", "-m", "US")  # fmt: skip
    assert "1 edited, 2 reviewed" in result.stdout


def test_a_source_that_changed_is_noticed(
    cli: Cli, made: Path, make_srt: Callable[..., str]
) -> None:
    _edits(made / "lin.json", "Lin", c2="Carving")
    (made / "new.zh-Hans.srt").write_text(make_srt("你好", "泥塑", "再见"), "utf-8")
    result = cli("review", "apply", "lin.json", OUT, "-o", OUT, "--source", "new.zh-Hans.srt")
    assert result.exit_code == 1
    assert "cue 2 (Lin): its source changed since the export" in result.stdout


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("export", "absent.srt"), "absent.srt: its source is not known"),
        (("export", "a", "b", "c"), "one source and one target"),
        (("export", OUT, "-o", OUT), "would overwrite an input"),
        (("export", OUT, "--comments", "absent.csv"), "absent.csv: no such file"),
        (("export", OUT, "-m", "zz"), "no market is called 'zz'"),
        (("apply", OUT, "-o", "x.srt"), "no edits"),
        (("apply", "absent.json", OUT, "-o", "x.srt"), "absent.json: no such file"),
        (("apply", OUT, OUT, "-o", "x.srt"), "no column"),
        (("apply", OUT, OUT, "-o", OUT), "would overwrite an input"),
    ],
)
def test_failures_are_one_line(cli: Cli, arguments: tuple[str, ...], what: str) -> None:
    result = cli("review", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert what in line


def test_comments_find_their_cues(cli: Cli, made: Path) -> None:
    (made / "c.csv").write_text("time,comment\n0:04,Nice\n9:00,Late\n", "utf-8")
    result = cli("review", "export", OUT, "--comments", "c.csv", "-o", "p.html")
    assert result.stderr == "Note: c.csv:3: no cue is on screen then\n"
    assert '"text":"Nice"' in Path("p.html").read_text("utf-8")


def test_a_damaged_record_is_named(cli: Cli, made: Path) -> None:
    (made / "out" / "E01.en-US.srt.review.json").write_text("{", "utf-8")
    result = cli("review", "export", OUT)
    assert result.exit_code == 2
    assert "E01.en-US.srt.review.json: this record of a review is damaged" in result.stderr


def test_a_source_further_away_is_found_where_the_run_read_it(
    cli: Cli, tmp_path: Path, make_srt: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show = tmp_path / "shows" / "indigo"
    show.mkdir(parents=True)
    (show / "E01.zh-Hans.srt").write_text(make_srt(*SOURCE), "utf-8")
    monkeypatch.chdir(tmp_path)
    cli("localize", "shows/indigo", "-m", "en-US", "--engine", "echo", "-o", "season/out")
    result = cli("review", "export", "season/out/E01.en-US.srt")
    assert result.exit_code == 0, result.stderr
    (show / "E01.zh-Hans.srt").write_text(make_srt("再见"), "utf-8")
    assert "outdated" in cli("status", "season/out").stdout


def test_the_twin_of_another_show_is_not_taken_for_the_source(cli: Cli, made: Path) -> None:
    copied = made / "a-copy"  # stands first in the alphabet
    copied.mkdir()
    for path in (made / "show").iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    edits = _edits(made / "Lin.json", "Lin", c1="Hello")
    result = cli("review", "apply", edits, OUT, "-o", OUT)
    assert result.exit_code == 0, result.stderr
    assert (made / "show" / "memory.sqlite").exists()
    assert not (copied / "memory.sqlite").exists()


def test_two_shows_with_the_same_file_are_asked_about(cli: Cli, made: Path) -> None:
    (made / "show").rename(made / "moved")
    copied = made / "a-copy"
    copied.mkdir()
    for path in (made / "moved").iterdir():
        (copied / path.name).write_bytes(path.read_bytes())
    result = cli("review", "export", OUT)
    assert result.exit_code == 2
    assert "Say which is its source" in result.stderr
    shutil.rmtree(copied)
    assert cli("review", "export", OUT).exit_code == 0


POST = """# 蓝院

**木雕** 和扎染。开播了！

## 微博

七天。
"""


@pytest.fixture
def posted(cli: Cli, made: Path) -> Path:
    """A post of the show that was localized by `echo`; returns the new one."""
    with (made / "show" / "dramaloc.toml").open("a") as settings:
        settings.write('[copy."post.md"]\nlimits = { "微博" = 5 }\n')
    (made / "show" / "post.zh-Hans.md").write_text(POST, "utf-8")
    assert _localized(cli, "show/post.zh-Hans.md").exit_code == 0
    return made / "out" / "post.en-US.md"


def _localized(cli: Cli, name: str) -> Result:
    return cli("localize", name, "-m", "en-US", "--engine", "echo", "-o", "out")


def _revised(sheet: Path, **texts: str) -> Path:
    """Fill in a sheet by the numbers of its rows."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        said = list(csv.DictReader(file))
    for number, text in texts.items():
        said[int(number[1:]) - 1] |= {"revised": text, "approved": "yes"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, said[0])
        writer.writeheader()
        writer.writerows(said)
    return sheet


def test_copy_goes_out_and_comes_back(cli: Cli, posted: Path) -> None:
    before = posted.read_text("utf-8")
    assert cli("review", "export", posted, "--format", "csv").exit_code == 0
    sheet = posted.with_name("post.en-US.md.review.csv")
    handed = sheet.read_text("utf-8-sig")
    assert "span" not in handed
    assert '"field"' in handed
    assert '"in"' not in handed
    assert "at most 5 characters" in handed
    edits = _revised(sheet, c2="**Wood carving** and *tie-dye*. It is on!", c3="Micro")
    result = cli("review", "apply", edits, posted, "-o", posted)
    assert result.exit_code == 0, result.stderr
    assert "cue 蓝院 changed" in result.stdout
    after = posted.read_text("utf-8").splitlines()
    assert after[2] == "**Wood carving** and *tie-dye*. It is on!"
    assert after[4] == "## Micro"
    assert [line for line in before.splitlines() if line not in after] == [
        before.splitlines()[2], before.splitlines()[4],
    ]  # fmt: skip
    assert cli("review", "export", posted, "--format", "csv").exit_code == 0
    assert sheet.read_text("utf-8-sig").count('"yes"') == 2


def test_blanks_around_a_cell_are_no_edit(cli: Cli, posted: Path) -> None:
    cli("review", "export", posted, "--format", "csv")
    edits = _revised(posted.with_name("post.en-US.md.review.csv"), c2=" It is on! ", c3="Micro\n")
    result = cli("review", "apply", edits, posted, "-o", posted)
    assert result.exit_code == 0, result.stderr
    assert posted.read_text("utf-8").splitlines()[2:5] == ["It is on!", "", "## Micro"]


def test_reviewed_copy_survives_a_changed_source(cli: Cli, posted: Path) -> None:
    cli("review", "export", posted, "--format", "csv")
    edits = _revised(
        posted.with_name("post.en-US.md.review.csv"), c2="**Wood carving** and tie-dye. It is on!"
    )
    assert cli("review", "apply", edits, posted, "-o", posted).exit_code == 0
    source = posted.parent.parent / "show" / "post.zh-Hans.md"
    source.write_text(POST.replace("七天", "八天"), "utf-8")
    assert _localized(cli, str(source)).exit_code == 0
    assert "\n**Wood carving** and tie-dye. It is on!\n" in posted.read_text("utf-8")


def test_an_edit_that_would_break_the_structure_of_copy(cli: Cli, posted: Path) -> None:
    before = posted.read_bytes()
    cli("review", "export", posted, "--format", "csv")
    sheet = posted.with_name("post.en-US.md.review.csv")
    for text in ("Two\nlines", "# a heading", "- an item"):
        result = cli("review", "apply", _revised(sheet, c4=text), posted, "-o", posted)
        assert result.exit_code == 2
        assert "Keep each field on one line" in result.stderr
        assert posted.read_bytes() == before
    result = cli("review", "apply", _revised(sheet, c4="a **lone mark"), posted, "-o", posted)
    assert result.exit_code == 0
    assert posted.read_text("utf-8").endswith("\na **lone mark\n")
