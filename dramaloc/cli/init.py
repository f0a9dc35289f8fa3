"""`dramaloc init`: the two files of a new show."""

from __future__ import annotations

from pathlib import Path

import click

from dramaloc.cli.answer import Answer, answer
from dramaloc.errors import OutputError
from dramaloc.files import write_atomic
from dramaloc.glossary.tables import compose_rows
from dramaloc.settings import FILE_NAME, OPTIONS, SERIES_TABLE, Option

_ABOUT = {
    "market": "markets to localize for, by tag or territory",
    "from": "the language of the episodes",
    "engine": "see `dramaloc doctor`; several with commas",
    "max-requests": "budget of a run for engines over HTTP",
    "glossary": "tables on top of the packs and of names.csv, below this folder",
    "memory": "translation memory, or none; left out, memory.sqlite beside this file",
    "encoding": "of the episodes; detected if left out",
    "output-encoding": "of what is written",
    "output-format": "ending of what is written, such as vtt; left out, as the episodes",
    "first-mention": "when terms are explained",
    "units": "how units are said; left out, as the market does",
    "names": "the order of people's names; left out, as the tables and the market say",
    "address": "forms of address translated, in pinyin or in Chinese; left out, as the market does",
    "audience": "who watches: children are given more time to read",
    "profile": "what a platform asks for, see `dramaloc markets profiles`",
    "bilingual": "the source in the cues too, above or below, or as a track of its own",
    "split": "what is also written as files of its own",
    "sdh": "whether sounds and speakers' names in brackets stay",
    "retime": "whether cues may stay longer, into the silence after them",
    "merge": "whether sentences that run over cues are tried as a whole",
    "merge-threshold": "how sure a cue must be to run on; left out, as sure as was learnt",
    "merge-max-cues": "cues in one sentence, at most",
    "merge-max-characters": "Chinese characters in one sentence, at most",
    "merge-max-gap": "milliseconds of silence inside a sentence, at most",
    "fps": "frames a second of the video",
    "jobs": "episodes at a time; left out, one a core, at most four",
    "scheduler": "a Dask cluster; counts only if --scheduler or DRAMALOC_SCHEDULER names it",
    "fail-on": "from which findings on to exit with 1",
    "progress": "how progress is shown",
}
_EXAMPLES = {"market": '["en-US", "zh-Hant-TW"]', "from": '"zh-Hans"', "engine": '"argos"',
             "glossary": '["ranks.csv"]', "encoding": '"gb18030"',
             "memory": '"memory.sqlite"', "profile": '"netflix"',
             "max-requests": "500", "jobs": "2", "output-format": '"vtt"', "split": '["forced"]',
             "merge-threshold": "0.5", "scheduler": '"tcp://localhost:8786"'}  # fmt: skip


@click.command("init")
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--format", "output_format", type=click.Choice(["text", "json"]), default="text")
def command(folder: Path, output_format: str) -> None:
    """Begin a show in FOLDER: its settings and its table of names."""
    answer("init", output_format, lambda: _init(folder))


def _init(folder: Path) -> Answer:
    files = {folder / FILE_NAME: _settings(), folder / SERIES_TABLE: compose_rows([])}
    for path in files:
        if path.exists():
            raise OutputError(
                "this file is there already", path=path, hint="Nothing was written; keep it"
            )
    for path, text in files.items():
        write_atomic(path, text.encode())
    written = [str(path) for path in files]
    hint = f"dramaloc glossary extract {folder} -o {folder / SERIES_TABLE} --merge"
    return Answer(
        text="\n".join([*written, f"With episodes there, fill in the names: {hint}"]),
        data={"written": written},
    )


def _settings() -> str:
    """Write a settings file that says nothing yet, but shows all that it could say."""
    lines = [
        "# Settings of the show; flags and DRAMALOC_* variables outrank them.",
        "[series]",
        '# title = "蓝院"',
        '# title_en = "The Indigo House"',
        "",
        "[localize]",
        *(f"# {option.name} = {_example(option)}  # {_about(option)}" for option in OPTIONS),
        "",
        "## The show's own limits, which outrank the market's and the profile's.",
        "# [limits]",
        "# max_cps = 17",
        "",
        "## Marketing copy: which fields are translated, and how many characters they may hold.",
        '# [copy."titles.csv"]',
        '# fields = ["title", "tagline"]',
        "# limits = { title = 40 }",
        "",
        "## An engine over HTTP; it is asked only if --engine or DRAMALOC_ENGINE names it.",
        "# [engines.studio]",
        '# type = "openai"',
        '# url = "http://localhost:8000/v1"',
        '# model = "guose-7b"',
        '# key-env = "STUDIO_API_KEY"',
    ]
    return "\n".join(lines) + "\n"


def _example(option: Option) -> str:
    likely = option.default or next(iter(option.choices), "")
    number = option.least is not None
    return _EXAMPLES.get(option.name) or (str(likely) if number else f'"{likely}"')


def _about(option: Option) -> str:
    said = _ABOUT.get(option.name, "")
    choices = ", ".join(option.choices)
    return f"{said}: {choices}" if choices and said else said or choices
