"""Engines over HTTP as a user meets them: the settings, the notices, the report, the doctor."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from playing import Exchange, Play, Server, english, well

from dramaloc.engines import answers

Cli = Callable[..., Result]
Begin = Callable[..., Server]
SECRET = "sk-not-for-your-eyes"  # noqa: S105  # nobody's


@pytest.fixture
def begin(show: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Start a server and describe it in the show's file."""
    kept = tmp_path / "answers.sqlite3"
    monkeypatch.setattr(answers, "default_path", lambda: kept)
    monkeypatch.setenv("STUDIO_API_KEY", SECRET)
    with ExitStack() as stack:

        def start(*plays: Play, more: str = "") -> Server:
            server = stack.enter_context(Server(plays or [well]).running())
            (show / "dramaloc.toml").write_text(
                f'{more}\n[engines.studio]\ntype = "openai"\nurl = "{server.url}"\n'
                'model = "guose-7b"\nkey-env = "STUDIO_API_KEY"\ntries = 1\n'
            )
            return server

        yield start


def _report(show: Path, name: str = "E01") -> dict[str, Any]:
    path = show.parent / "out" / f"{name}.en-US.srt.report.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _localize(cli: Cli, *more: str, engine: str = "studio") -> Result:
    named = ("--engine", engine) if engine else ()
    return cli("localize", "show", "-m", "en-US", "-o", "out", "--report", *named, *more)


def test_a_show_goes_through_the_studios_model(cli: Cli, begin: Begin, show: Path) -> None:
    server = begin()
    ended = _localize(cli)
    assert ended.exit_code == 0, ended.output
    assert f"Note: studio sends the lines to 127.0.0.1:{server.port}" in ended.stderr
    assert "with the key in STUDIO_API_KEY" in ended.stderr
    assert "studio: 2 requests, 30 tokens in, 6 tokens out, 0 answers from before" in ended.stderr
    report = _report(show)
    assert report["usage"] == {
        "studio": {"requests": 1, "prompt_tokens": 20, "completion_tokens": 4, "kept": 0}
    }
    assert {s["origin"] for cue in report["cues"] for s in cue["segments"]} == {"studio"}
    assert report["engine"].startswith(f"openai/guose-7b@{server.url} temperature=0 seed=1")


def test_the_key_is_nowhere(cli: Cli, begin: Begin, tmp_path: Path) -> None:
    server = begin(lambda e: e.json({"error": f"{SECRET} is wrong"}, status=401))
    said = [_localize(cli).output]
    server.plays[:] = [well]
    said += [_localize(cli, "--format", "json").output]
    said += [cli("localize", "show", "--show-config").output]
    assert any("***" in text for text in said)
    assert not any(SECRET in text for text in said)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 6
    assert not any(SECRET.encode() in path.read_bytes() for path in files)


def test_a_second_run_asks_nothing_and_gives_the_same_bytes(
    cli: Cli, begin: Begin, show: Path
) -> None:
    def rambling(exchange: Exchange) -> None:
        """Never the same twice."""
        exchange.answer(
            {line["id"]: f"{english(line)} {exchange.number}" for line in exchange.lines}
        )

    server = begin(rambling)
    _localize(cli)
    out = show.parent / "out"
    before = {path.name: path.read_bytes() for path in out.glob("*.srt")}
    asked = len(server.seen)
    for path in out.iterdir():
        path.unlink()
    _localize(cli)
    assert {path.name: path.read_bytes() for path in out.glob("*.srt")} == before
    assert len(server.seen) == asked
    assert _report(show)["usage"]["studio"] == {"requests": 0, "kept": 2}


def test_the_next_of_a_chain_takes_over(cli: Cli, begin: Begin, show: Path) -> None:
    server = begin(lambda exchange: exchange.json({"error": "out of memory"}, status=500))
    ended = _localize(cli, "--jobs", "1", engine="studio,argos")
    assert ended.exit_code == 0, ended.output
    assert len(server.seen) == 1
    report = _report(show)
    assert {s["origin"] for cue in report["cues"] for s in cue["segments"]} == {"argos"}
    assert report["engine"].startswith("openai/guose-7b@")
    assert " | argos/zh-en@" in report["engine"]


def test_without_a_next_one_the_jobs_fail_in_one_line_each(
    cli: Cli, begin: Begin, show: Path
) -> None:
    begin(lambda exchange: exchange.json({"error": "out of memory"}, status=500))
    ended = _localize(cli, "--progress", "none")
    assert ended.exit_code == 4
    errors = [line for line in ended.stderr.splitlines() if line.startswith("Error")]
    assert len(errors) == 2
    assert all("answered 500: out of memory" in line for line in errors)
    assert not list((show.parent / "out").glob("*.srt"))


def test_the_budget_is_the_users(cli: Cli, begin: Begin, show: Path) -> None:
    server = begin()
    ended = _localize(cli, "--max-requests", "1")
    assert ended.exit_code == 4
    assert "the budget of 1 requests to studio is spent" in ended.stderr
    assert (len(server.seen), (show.parent / "out" / "E01.en-US.srt").exists()) == (1, True)


# Nothing goes anywhere by itself.


def test_nothing_is_sent_unless_the_engine_is_named(cli: Cli, begin: Begin) -> None:
    server = begin()
    assert _localize(cli, engine="").exit_code == 0
    assert cli("localize", "show", "--show-config", "--engine", "studio").exit_code == 0
    assert server.seen == []


@pytest.fixture
def far(show: Path) -> Path:
    path = show / "dramaloc.toml"
    path.write_text(
        '[localize]\nengine = "argos,far"\n[engines.far]\ntype = "openai"\n'
        'url = "https://far.example/v1"\nmodel = "m"\nkey-env = "AWS_SECRET_ACCESS_KEY"\n'
    )
    return path


def test_a_shows_file_alone_sends_nothing_to_another_machine(
    cli: Cli, far: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = _localize(cli, engine="")
    assert ended.exit_code == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"Error: {far}: engine far would send the lines to far.example")
    assert "--engine argos,far" in line
    monkeypatch.chdir(far.parent)
    piped = cli("localize", "-", "-m", "en-US", stdin=b"")
    assert piped.exit_code == 2


def test_this_machine_may_be_named_by_the_file(cli: Cli, begin: Begin) -> None:
    server = begin(more='[localize]\nengine = "studio"')
    assert _localize(cli, engine="").exit_code == 0
    assert server.seen


def test_the_environment_names_an_engine_too(cli: Cli, begin: Begin) -> None:
    server = begin()
    ended = cli("localize", "show", "-m", "en-US", "-o", "out", env={"DRAMALOC_ENGINE": "studio"})
    assert ended.exit_code == 0
    assert server.seen


# Saying what there is.


def test_the_settings_show_hosts_and_where_they_come_from(cli: Cli, far: Path) -> None:
    said = json.loads(cli("localize", "show", "--show-config", "--format", "json").stdout)
    assert said["data"]["engines.far"] == {
        "value": "openai at far.example, model m, key in AWS_SECRET_ACCESS_KEY",
        "origin": str(far),
    }


def test_the_doctor_says_whether_a_key_is_set(
    begin: Begin, show: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dramaloc.cli.doctor import _described

    begin()
    monkeypatch.chdir(show)
    ((name, ok, detail),) = _described()
    assert (name, ok) == ("engine studio", True)
    assert detail == "openai at 127.0.0.1, model guose-7b, key in STUDIO_API_KEY"
    monkeypatch.delenv("STUDIO_API_KEY")
    ((_, ok, detail),) = _described()
    assert not ok
    assert "needs its key in the environment variable STUDIO_API_KEY" in detail


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[engines.studio]\nurl = 'x'", "has no type. Say type"),
        ("[engines.studio]\ntype = 'telex'", "type is 'telex'. It can be openai"),
        ("engines = 3", r"engines is 3. Begin it with \[engines\]"),
        ("[engines]\nstudio = 3", r"engines.studio is 3. Begin it with \[engines.studio\]"),
        ("[engines.'a,b']\ntype = 'openai'", "is no name for an engine"),
        ("[engines.studio]\ntype = 'openai'\nurl = 'http://x/v1'", "names no model"),
        ("[engines.studio]\ntype='openai'\nmodel='m'\nurl='http://u:p@x'", "more than an address"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(cli: Cli, show: Path, text: str, said: str) -> None:
    (show / "dramaloc.toml").write_text(text)
    ended = _localize(cli)
    assert ended.exit_code == 2
    (line,) = ended.stderr.splitlines()
    assert re.search(said, line), line
    assert str(show / "dramaloc.toml") in line


# People.


def test_people_and_speakers_go_along(
    cli: Cli, begin: Begin, show: Path, make_srt: Callable[..., str]
) -> None:
    server = begin()
    (show / "names.csv").write_text(
        "source,target,kind,gender,age,relation\n"
        "董奶奶,Granny Dong,name,女,1948,grandmother of 阿鹏\n"
        "阿鹏,Ah Peng,name,m,2,\n",
        encoding="utf-8",
    )
    (show / "E01.zh-Hans.srt").write_text(make_srt("董奶奶：阿鹏呢", "出去了"), encoding="utf-8")
    assert _localize(cli).exit_code == 0
    first, spoken = next(
        (asked, line)
        for asked in server.seen
        for line in asked.lines
        if line["text"].endswith("阿鹏呢")
    )
    assert spoken["speaker"] == "董奶奶"
    assert spoken["terms"] == [
        {"source": "董奶奶", "write": "Granny Dong"},
        {"source": "阿鹏", "write": "Ah Peng"},
    ]
    assert (
        "People:\n- 董奶奶 = Granny Dong, female, born 1948, grandmother of 阿鹏\n"
        "- 阿鹏 = Ah Peng, male, age rank 2, 1 the eldest" in first.prompt
    )
    assert "Readers: English (United States)." in first.body["messages"][0]["content"]


def test_copy_is_asked_for_as_copy_in_the_markets_manner(
    cli: Cli, begin: Begin, show: Path
) -> None:
    server = begin()
    (show / "post.zh-Hans.md").write_text("七天。\n", "utf-8")
    ended = cli(
        "localize", "show/post.zh-Hans.md", "-m", "de-DE", "-o", "out", "--engine", "studio"
    )
    assert ended.exit_code == 0, ended.output
    assert _localize(cli).exit_code == 0
    task, of_subtitles = (server.seen[n].body["messages"][0]["content"] for n in (0, -1))
    assert "synopses, titles, taglines, posts" in task
    assert "Strangers and superiors are Sie" in task
    assert "subtitles" in of_subtitles.partition("\n")[0]
    assert "Lines are short on screen" not in task


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no interrupt to one process")
def test_an_interrupt_does_not_wait_for_an_answer(begin: Begin, show: Path) -> None:
    asked, over = threading.Event(), threading.Event()

    def silent(_: Exchange) -> None:
        asked.set()
        over.wait(120)

    begin(silent)
    started = subprocess.Popen(
        [sys.executable, "-c", "from dramaloc.cli import main; main()", "localize", show,
         "-m", "en-US", "-o", show.parent / "out", "--engine", "studio"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "XDG_CACHE_HOME": str(show.parent)},
    )  # fmt: skip
    try:
        assert asked.wait(60)
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=60)
    finally:
        started.kill()
        over.set()
    assert started.returncode == 130
    assert "Traceback" not in said
    assert not list(show.parent.glob("out/*.srt"))
