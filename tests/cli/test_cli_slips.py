"""What a person is told after a slip: the nearest right thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Cli = Callable[..., Result]


@pytest.mark.parametrize(
    ("said", "near"),
    [("fr", "Perhaps fr-FR;"), ("pt-PT", "Perhaps pt-BR;"), ("en-USA", "Perhaps en-US;")],
)
def test_a_market_of_the_same_language_is_proposed(cli: Cli, said: str, near: str) -> None:
    assert near in cli("markets", "show", said).stderr


def test_no_market_is_proposed_where_none_is_near(cli: Cli) -> None:
    assert "Perhaps" not in cli("markets", "show", "qqq").stderr


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("[localise]\n", "Perhaps localize"),
        ('[localize]\nmarkets = ["en-US"]\n', "Perhaps market"),
        ('[localize]\nfirst_mention = "never"\n', "Perhaps first-mention"),
        ("[localize]\nzzzz = 1\n", "Known: market, from"),
    ],
)
def test_a_mistyped_key_is_answered_by_the_right_one(
    cli: Cli, show: Path, text: str, near: str
) -> None:
    (show / "dramaloc.toml").write_text(text, "utf-8")
    assert near in cli("localize", show, "-m", "TW", "-o", "out").stderr


def test_a_wrong_flag_is_named_as_it_was_typed(cli: Cli, show: Path) -> None:
    assert "--jobs: jobs is '0'" in cli("localize", show, "-m", "TW", "--jobs", "0").stderr


def test_check_asks_for_the_market_if_that_is_what_is_missing(cli: Cli, show: Path) -> None:
    assert "no market named" in cli("check", show / "E01.zh-Hans.srt").stderr


def test_every_line_of_a_new_show_can_be_used(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", tmp_path / "new").exit_code == 0
    path = tmp_path / "new" / "dramaloc.toml"
    lines = path.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.endswith(("#", "# "))]
    path.write_text("\n".join(line.removeprefix("# ") for line in lines[1:]), "utf-8")
    result = cli("localize", tmp_path / "new", "--show-config")
    assert result.exit_code == 0, result.stderr
