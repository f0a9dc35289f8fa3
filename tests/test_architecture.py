"""The house rules that a machine can hold: who may import whom, and what loads when."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dramaloc

PACKAGE = Path(dramaloc.__file__).parent

_GROUND = {"errors", "files", "loops", "letters", "xmlfiles", "tomlfiles"}
_SUBTITLES = _GROUND | {"subtitles"}
_GLOSSARY = _GROUND | {"glossary"}
_MARKETS = _SUBTITLES | _GLOSSARY | {"markets"}
_STAGES = _MARKETS | {"engines", "quality", "memory", "stages"}

# Room → rooms it may import. The drawing is in the design notes; change both together.
MAY_IMPORT = {
    "errors": set(),
    "files": {"errors"},
    "xmlfiles": {"errors"},  # term tables, memories and reviews come as XML from strangers
    "tomlfiles": {"errors"},  # and so do packs, profiles and shows' settings
    "letters": set(),  # what words are made of: terms and loops must agree on it
    "loops": {"letters"},  # what a stuck model writes: engines, stages and checks must agree on it
    "subtitles": _SUBTITLES,
    "glossary": _GLOSSARY,
    "markets": _MARKETS,  # subtitles: how a market counts width
    "memory": _SUBTITLES | _GLOSSARY | {"memory"},
    "engines": _GROUND | {"engines"},
    "quality": _MARKETS | {"quality"},
    "stages": _STAGES,
    "review": _STAGES | {"review", "documents", "marketing"},  # copy, as its file has it
    "marketing": _SUBTITLES | _GLOSSARY | {"marketing"},  # copy becomes documents too
    "documents": _SUBTITLES | {"marketing"},
    "settings": _SUBTITLES | {"markets", "marketing"},  # subtitles: which cues may be joined
    # review: what people decided about an output stands recorded beside it
    "batch": _STAGES | {"review", "batch", "documents", "marketing"},
}
# What stages have in common: plain data, the term contract and the text repairs it uses, and
# what was rendered before; the hop of a text's way and the rungs of its ladder are `render`'s.
SHARED_BY_STAGES = {"localization", "terms", "mending", "units", "renderings", "hop", "rungs"}
HEAVY = ("argostranslate", "ctranslate2", "sentencepiece", "opencc", "rich")


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Name every module imported anywhere in a file, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which room is meant"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _found(path: Path) -> set[str]:
    return set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _room(module: str) -> str:
    """The room of a dotted name; the package itself (its version and path) is open to all."""
    known = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    first = module.split(".")[1] if "." in module else ""
    return first if first in known else ""


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_a_room_imports_only_the_rooms_below_it(path: Path) -> None:
    here = _name(path)
    if here == "dramaloc" or _room(here) == "cli":
        return
    allowed = MAY_IMPORT[_room(here)]
    for module in _found(path):
        if module.split(".")[0] == "dramaloc" and _room(module):
            assert _room(module) in allowed, f"{here} imports {module}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "stages").glob("*.py")), ids=lambda p: p.stem)
def test_only_the_pipeline_puts_stages_in_a_row(path: Path) -> None:
    if path.stem == "pipeline":
        return
    for module in _found(path):
        if module.startswith("dramaloc.stages."):
            assert module.split(".")[2] in SHARED_BY_STAGES, f"{path.stem} imports {module}"


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_only_the_command_line_imports_click_or_rich_or_prints(path: Path) -> None:
    if _room(_name(path)) == "cli":
        return
    source = ast.parse(path.read_text(encoding="utf-8"))
    roots = {module.split(".")[0] for module in _imports(source)}
    assert not roots & {"click", "rich"}
    calls = [node.func for node in ast.walk(source) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]


@pytest.mark.parametrize("path", sorted((PACKAGE / "stages").glob("*.py")), ids=lambda p: p.stem)
def test_stages_open_nothing(path: Path) -> None:
    source = ast.parse(path.read_text(encoding="utf-8"))
    roots = {module.split(".")[0] for module in _imports(source)}
    assert not roots & {"os", "io", "pathlib", "shutil", "tempfile", "time", "datetime", "random"}
    names = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
    assert "open" not in names


def test_the_import_check_sees_imports_inside_functions() -> None:
    tree = ast.parse("def f():\n    from rich.table import Table\n    import click.testing")
    assert set(_imports(tree)) == {"rich.table.Table", "click.testing"}


def _loaded_after(code: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after running `code`."""
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stderr.splitlines()}


def test_importing_dramaloc_loads_neither_click_nor_an_engine() -> None:
    assert not _loaded_after("import dramaloc") & {"click", "pysrt", *HEAVY}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    loaded = _loaded_after(
        f"from dramaloc.cli import main\nmain({arguments!r}, standalone_mode=False)"
    )
    assert "click" in loaded
    assert not loaded & set(HEAVY)


def test_a_commands_help_loads_no_engine() -> None:
    loaded = _loaded_after(
        "from dramaloc.cli import main\nmain(['localize', '--help'], standalone_mode=False)"
    )
    assert not loaded & {"argostranslate", "ctranslate2", "sentencepiece", "opencc"}


def test_every_public_name_is_there() -> None:
    for name in dramaloc.__all__:
        assert callable(getattr(dramaloc, name))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = dramaloc.no_such_name
