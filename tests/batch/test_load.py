"""Much at once, and odd names: small here; CONTRIBUTING.md has the figures of the full sizes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from dramaloc.batch import plan
from dramaloc.batch.manifest import FILE_NAME, Entry, read_manifest
from dramaloc.batch.plan import find_episodes
from dramaloc.engines.echo import EchoEngine
from dramaloc.markets.market import Market
from dramaloc.review.diff import diff
from dramaloc.stages.pipeline import localize
from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Cue, Document

Cli = Callable[..., Result]
SRT = "1\n00:00:01,000 --> 00:00:02,000\n你好\n"
NAMES = (
    "a b  c", "😀🎬", "\u202eabc\u200f", "-rf", "[x]{episode}%s", "e\u0301", "trail. ", "文" * 75,
)  # fmt: skip


def test_any_name_is_kept(cli: Cli, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in NAMES:
        with suppress(OSError):  # no file can be called so here
            (folder / f"{name}.zh-Hans.srt").write_text(SRT, encoding="utf-8")
    made = sorted(path.name.replace("zh-Hans", "en-US") for path in folder.iterdir())
    result = cli("localize", folder, "-m", "en-US", "-o", out, "--engine", "echo", "--quiet")
    assert result.exit_code == 0
    assert list(read_manifest(out)) == made
    assert {(out / name).read_text("utf-8") for name in made} == {SRT + "\n"}


@pytest.mark.skipif(os.name == "nt", reason="Windows counts a name's length otherwise")
@pytest.mark.parametrize(("stem", "code"), [("x" * 239, 0), ("x" * 243, 0), ("x" * 251, 4)])
def test_a_name_may_be_as_long_as_a_drive_takes(
    cli: Cli, tmp_path: Path, stem: str, code: int
) -> None:
    """255 bytes; with the market in it the output's is longer than its input's."""
    path = tmp_path / f"{stem}.srt"
    path.write_text(SRT, encoding="utf-8")
    (tmp_path / "E02.zh-Hans.srt").write_text(SRT, encoding="utf-8")
    out = tmp_path / "out"
    result = cli("localize", tmp_path, "-m", "en-US", "-o", out, "--engine", "echo")
    assert result.exit_code == code
    assert (out / "E02.en-US.srt").exists()  # the others are done
    assert ("cannot be written (File name too long)" in result.stderr) == bool(code)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_no_name_commands_a_terminal_while_work_goes_on(cli: Cli, show: Path) -> None:
    (show / "E03\x1b[2J\n.zh-Hans.srt").write_text(SRT, encoding="utf-8")
    result = cli("localize", show, "-m", "en-US", "-o", "out", "--engine", "echo")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert len([line for line in result.stderr.splitlines() if line.startswith("[")]) == 3


def test_a_folders_manifest_is_read_once_for_all_its_files(
    show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def reading(folder: Path) -> dict[str, Entry]:
        read.append(folder)
        return read_manifest(folder)

    monkeypatch.setattr(plan, "read_manifest", reading)
    for number in range(30):
        (show / f"S02E{number:02}.zh-Hans.srt").write_text(SRT, encoding="utf-8")
    (show / FILE_NAME).write_text('{"outputs": {}}', encoding="utf-8")
    assert len(find_episodes([str(show)], None)) == 32
    assert read == [show]


LONG = (
    "奶奶说木雕和扎染，" * 80,
    "word " * 400,
    "<i>你</i>" * 250,
    "- 你好\n" * 300,
    "♪ 你" * 500,
    "三百二十" * 500,
    "啊" * 2000,
    '"“' * 800,
    "{\\an8}" * 300 + "好",
    "([" * 1000 + "好",
)


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:8].strip())
def test_a_cue_of_thousands_of_characters(en_us: Market, text: str) -> None:
    cue = Cue(number=1, start_ms=0, end_ms=2000, text=text.rstrip())
    document = Document(cues=(cue,), language="zh-Hans", format="srt")
    (written,) = localize(document, en_us, engine=EchoEngine()).target.cues
    said = Counter(filter(str.isalnum, cue.text))
    assert Counter(filter(str.isalnum, written.text)) == said
    for kind in ("srt", "vtt", "ass", "ttml", "sbv"):
        read = formats.read(formats.write(convert(document, kind)[0]))
        assert read.cues[0].text
    assert diff(document, replace(document, cues=(replace(cue, text=f"{cue.text[::-1]}!"),)))
