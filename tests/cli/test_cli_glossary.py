"""`glossary show`, `diff`, `import`, `export` and `extract`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from envelope import data_of

from dramaloc.glossary.tables import COLUMNS, read_table
from dramaloc.markets.packs import bundled_packs

Cli = Callable[..., Result]
HEADER = ",".join(COLUMNS)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two packs, one that inherits the other, and tables; also the cwd."""
    packs = {
        "en": "妈妈,Mom,kinship,ours\n木雕,wood carving,heritage,ours\n",
        "en-AU": "妈妈,Mum,kinship,ours\n",
    }
    for code, rows in packs.items():
        folder = tmp_path / "packs" / code
        folder.mkdir(parents=True)
        parent = 'inherits = "en"\n' if "-" in code else ""
        (folder / "market.toml").write_text(f'name = "{code}"\n{parent}', "utf-8")
        (folder / "t.csv").write_text(f"source,target,kind,reference\n{rows}", "utf-8")
    (tmp_path / "old.csv").write_text("source,target,forbid\n木雕,carving,woodcut\n", "utf-8")
    (tmp_path / "new.csv").write_text("source,target\n木雕,wood carving\n扎染,tie-dye\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_show_says_which_row_decides_and_what_it_replaced(cli: Cli) -> None:
    result = cli("glossary", "show", "妈妈", "-m", "US")
    assert result.exit_code == 0
    assert result.stdout.startswith("妈妈 in en-US: Mom\n")
    assert "overrides.csv:2 (en-US)" in result.stdout
    assert "  replaces   Mom, " in result.stdout
    data = data_of(cli("glossary", "show", "妈妈", "-m", "en-US", "--format", "json"))["en-US"]
    assert (data["target"], data["layer"], data["line"]) == ("Mom", "en-US", 2)
    assert [row["layer"] for row in data["replaced"]] == ["en"]


def test_show_counts_the_shows_names(
    cli: Cli, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(samples)
    result = cli("glossary", "show", "余婶", "-m", "zh-Hant-TW")
    assert result.stdout.startswith("余婶 in zh-Hant-TW: 余嬸\n")
    assert "  row        names.csv:" in result.stdout
    assert cli("glossary", "show", "段青山", "-m", "zh-Hant-TW").exit_code == 2


@pytest.mark.usefixtures("here")
def test_show_over_all_markets_and_of_a_whole_market(cli: Cli) -> None:
    result = cli("glossary", "show", "木雕")
    lines = {line.split()[0] for line in result.stdout.splitlines()}
    assert {"market", "en", "en-US"} <= lines
    result = cli("glossary", "show", "-m", "en", "--kind", "kinship")
    assert {"source", "奶奶"} <= {line.split()[0] for line in result.stdout.splitlines()}
    assert "木雕" not in result.stdout
    listed = data_of(cli("glossary", "show", "-m", "en", "--format", "json"))
    assert {"heritage", "kinship"} <= {term["kind"] for term in listed}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "what", "hint"),
    [
        ((), "nothing to show", "SOURCE"),
        (("雕", "-m", "en"), "no row for '雕' in en", "There is 木雕"),
        (("xyz", "-m", "en"), "no row for 'xyz' in en", "Add it"),
        (("-m", "en", "--kind", "colour"), "no term is of kind 'colour'", "heritage"),
        (("木雕", "-m", "zz"), "no market is called 'zz'", ""),
        (("木雕", "-m", "en", "--glossary", "absent.csv"), "no such file", ""),
    ],
)
def test_show_fails_in_one_line(cli: Cli, arguments: tuple[str, ...], what: str, hint: str) -> None:
    result = cli("glossary", "show", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert what in result.stderr
    assert hint in result.stderr


@pytest.mark.usefixtures("here")
def test_diff_of_tables(cli: Cli) -> None:
    result = cli("glossary", "diff", "old.csv", "new.csv")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "~ 木雕  target: carving → wood carving; forbid: woodcut → (empty)",
        "+ 扎染  tie-dye",
        "1 added, 0 removed, 1 changed",
    ]
    assert cli("glossary", "diff", "old.csv", "new.csv", "--exit-code").exit_code == 1
    same = cli("glossary", "diff", "old.csv", "old.csv", "--exit-code")
    assert (same.exit_code, same.stdout) == (0, "0 added, 0 removed, 0 changed\n")
    changed, added = data_of(cli("glossary", "diff", "old.csv", "new.csv", "--format", "json"))
    assert (changed["kind"], changed["changed"]) == ("changed", ["target", "forbid"])
    assert (added["kind"], added["old"]) == ("added", None)


def test_diff_of_packs_and_of_folders_of_packs(cli: Cli, here: Path) -> None:
    au, en = here / "packs" / "en-AU", here / "packs" / "en"
    assert "0 added, 1 removed, 1 changed" in cli("glossary", "diff", en, au).stdout
    inherited = cli("glossary", "diff", en, au, "--inherited")
    assert "0 added, 0 removed, 1 changed" in inherited.stdout
    assert cli("glossary", "diff", "en", bundled_packs() / "en", "--exit-code").exit_code == 0
    (here / "later" / "en").mkdir(parents=True)
    for path in en.iterdir():
        (here / "later" / "en" / path.name).write_bytes(path.read_bytes())
    result = cli("glossary", "diff", "packs", "later")
    assert result.stdout.splitlines() == [
        "en-AU:",
        "- 妈妈  Mum",
        "0 added, 1 removed, 0 changed",
    ]
    assert cli("glossary", "diff", "packs", "old.csv").exit_code == 2
    (here / "empty").mkdir()
    assert "no table in this folder" in cli("glossary", "diff", "old.csv", "empty").stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.tbx"])
def test_export_and_import_bring_a_pack_back(cli: Cli, name: str) -> None:
    result = cli("glossary", "export", "en", "-o", name)
    assert result.exit_code == 0, result.stderr
    result = cli("glossary", "import", name, "-o", "back.csv")
    assert result.exit_code == 0, result.stderr
    assert cli("glossary", "diff", "en", "back.csv", "--exit-code").exit_code == 0
    first = Path(name).read_bytes()
    cli("glossary", "export", "en", "-o", name, "--force")
    assert Path(name).read_bytes() == first


@pytest.mark.usefixtures("here")
def test_export_says_what_a_format_has_no_place_for(cli: Cli) -> None:
    result = cli("glossary", "export", "packs/en-AU", "-o", "t.txt", "--inherited")
    assert result.stdout.startswith("t.txt: 2 terms")
    assert Path("t.txt").read_text("utf-8") == "妈妈\tMum\n木雕\twood carving\n"
    data = data_of(cli("glossary", "export", "en", "-o", "en.txt", "--format", "json"))
    assert data["terms"] > 1000
    assert len(data["left_out"]) > 100


@pytest.mark.usefixtures("here")
def test_a_packs_language_goes_into_tbx_and_comes_out(cli: Cli) -> None:
    cli("glossary", "export", "zh-Hant-TW", "-o", "tw.tbx")
    assert 'xml:lang="zh-Hant-TW"' in Path("tw.tbx").read_text("utf-8")
    cli("glossary", "import", "tw.tbx", "-m", "zh-Hant-TW", "-o", "tw.csv")
    assert {term.market for term in read_table(Path("tw.csv"))} == {""}
    result = cli("glossary", "import", "tw.tbx", "-m", "es", "-o", "es.csv")
    assert (result.exit_code, Path("es.csv").exists()) == (2, False)
    assert "no term for es. It has zh-Hant-TW" in result.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("import", "absent.tbx", "-o", "x.csv"), "absent.tbx: no such file"),
        (("import", "old.csv", "-o", "new.csv"), "new.csv: this file is there already"),
        (("import", "old.csv", "--as", "tbx", "-o", "x.csv"), "old.csv:1: not valid XML"),
        (("import", "old.csv", "--as", "omegat", "-o", "x.csv"), "old.csv:1: a line needs"),
        (("export", "old.csv", "-o", "x.dat"), "x.dat: its name does not tell its format"),
        (("export", "old.csv", "-o", "new.csv"), "new.csv: this file is there already"),
        (("export", "zz", "-o", "x.csv"), "no market is called 'zz'"),
        (("export", "absent.csv", "-o", "x.csv"), "absent.csv: no such file"),
        (("export", ".", "-o", "x.dat", "--as", "csv", "--inherited"), "only a pack inherits"),
    ],
)
def test_import_and_export_refuse_and_write_nothing(
    cli: Cli, arguments: tuple[str, ...], what: str
) -> None:
    before = Path("new.csv").read_bytes()
    result = cli("glossary", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert what in result.stderr
    assert not Path("x.csv").exists()
    assert Path("new.csv").read_bytes() == before


def test_an_entity_bomb_leaves_nothing_behind(cli: Cli, here: Path) -> None:
    bomb = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><martif>&b;</martif>'
    (here / "bomb.tbx").write_text(bomb)
    result = cli("glossary", "import", "bomb.tbx", "-o", "x.csv")
    assert (result.exit_code, (here / "x.csv").exists()) == (2, False)
    assert "bomb.tbx: the file declares XML entities" in result.stderr


def test_extract_writes_a_table_that_can_be_used(cli: Cli, samples: Path, here: Path) -> None:
    result = cli("glossary", "extract", samples, "-o", "names.csv")
    assert result.exit_code == 0, result.stderr
    terms = read_table(here / "names.csv")
    assert (here / "names.csv").read_text("utf-8").splitlines()[0] == HEADER
    assert {"段青山", "志远", "周城"} <= {term.source for term in terms}
    assert all(term.target for term in terms)
    assert cli("glossary", "lint", "names.csv").exit_code == 0
    assert result.stdout.splitlines()[-1] == f"names.csv: {len(terms)} rows"
    again = cli("glossary", "extract", samples, "-o", "names.csv")
    assert again.exit_code == 2
    assert "Say --merge" in again.stderr


def test_extract_leaves_out_what_the_packs_know(cli: Cli, samples: Path, here: Path) -> None:
    assert here.is_dir()

    def sources(*flags: str) -> set[str]:
        found = data_of(cli("glossary", "extract", samples, *flags, "--format", "json"))
        return {each["source"] for each in found}

    assert sources() < sources("--all")
    assert "苍山" in sources("--all") - sources()
    assert "本主" in sources("--all", "--terms")
    assert not Path("names.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_extract_merges_below_what_is_there(
    cli: Cli, samples: Path, here: Path, encoding: str, ending: str
) -> None:
    table = here / "names.csv"
    mine = ending.join(["Target,source,note", "Duan the Carver,段青山,mine", "Chip,小木头,"])
    table.write_bytes(mine.encode(encoding))
    result = cli("glossary", "extract", samples, "-o", table, "--merge")
    assert result.exit_code == 0, result.stderr
    assert table.read_bytes().startswith(mine.encode(encoding) + ending.encode())
    terms = {term.source: term for term in read_table(table)}
    assert (terms["段青山"].target, terms["段青山"].note) == ("Duan the Carver", "mine")
    assert terms["杨晓鹏"].target == "Yang Xiaopeng"
    before = table.read_bytes()
    assert "0 rows added" in cli("glossary", "extract", samples, "-o", table, "--merge").stdout
    assert table.read_bytes() == before


@pytest.mark.usefixtures("here")
def test_extract_says_what_needs_a_rendering(cli: Cli, samples: Path) -> None:
    result = cli("glossary", "extract", samples, "-o", "names.csv", "--terms", "--force")
    assert "have no rendering yet: fill them in, or delete them" in result.stdout
    assert "has no target" in cli("glossary", "lint", "names.csv").stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("absent.srt",), "absent.srt: no such file or folder"),
        (("packs",), "packs: no zh-Hans subtitle file in this folder"),
        (("old.csv",), "old.csv"),
    ],
)
def test_extract_of_what_is_no_episode(cli: Cli, arguments: tuple[str, ...], what: str) -> None:
    result = cli("glossary", "extract", *arguments, "-o", "x.csv")
    assert (result.exit_code, Path("x.csv").exists()) == (2, False)
    assert what in result.stderr
