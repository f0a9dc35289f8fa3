"""The wheel, built and installed by itself: packs and starter model must be inside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest


def _uv(outer: dict[str, str], *arguments: str | Path) -> str:
    """Call uv as the user would, without the network: the build backend is in its cache."""
    program = outer.get("UV") or shutil.which("uv")
    if program is None:
        pytest.skip("uv is not on PATH, so no wheel can be built")
    done = subprocess.run(
        [program, *map(str, arguments), "--offline"],
        env=outer,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "network was disabled" in done.stderr:
        pytest.skip("uv's cache does not hold the build backend")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(
    root: Path, outer_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _uv(outer_environment, "build", "--wheel", "--quiet", "--out-dir", folder, root)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(
    wheel: Path, outer_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A throw-away environment: the wheel alone, and a view of the packages installed here."""
    folder = tmp_path_factory.mktemp("wheel") / "venv"
    _uv(outer_environment, "venv", "--quiet", "--python", sys.executable, folder)
    python = _script(folder, "python")
    _uv(outer_environment, "pip", "install", "--no-deps", "--python", python, wheel)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    # A folder named in a .pth file is searched, but its own .pth files, the checkout's
    # editable install among them, are not read.
    here = sysconfig.get_path("purelib")
    (Path(site) / "the-packages-here.pth").write_text(f"{here}\n", encoding="utf-8")
    return folder


def _script(folder: Path, name: str) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / name


def test_the_wheel_holds_packs_model_licence_and_types(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for inside in (
        "dramaloc/glossaries/en/market.toml",
        "dramaloc/glossaries/en/heritage.csv",
        "dramaloc/glossaries/en-US/market.toml",
        "dramaloc/glossaries/zh-Hant-TW/market.toml",
        "dramaloc/models/zh_en-starter/model/model.bin",
        "dramaloc/models/zh_en-starter/sentencepiece.model",
        "dramaloc/py.typed",
    ):
        assert inside in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "training/", "samples/"))]


def test_the_installed_wheel_localizes(installed: Path, samples: Path, tmp_path: Path) -> None:
    text = (samples / "E01.zh-Hans.srt").read_text(encoding="utf-8")
    few = "\n\n".join(text.split("\n\n")[:8]) + "\n"
    (tmp_path / "E01.zh-Hans.srt").write_text(few, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    done = subprocess.run(
        [_script(installed, "dramaloc"), "localize", "E01.zh-Hans.srt", "-m", "en-US",
         "--format", "json"],
        cwd=tmp_path, env=environment, capture_output=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr.decode()
    (output,) = json.loads(done.stdout)["data"]["outputs"]
    assert output["engine"].startswith("argos/zh-en@")
    assert output["counts"]["terms_kept"] == output["counts"]["terms_required"] > 0
    written = (tmp_path / "E01.en-US.srt").read_text(encoding="utf-8")
    assert "Cangshan" in written
    assert written.count("-->") == 8


def test_packs_and_models_come_from_inside_the_wheel(installed: Path, tmp_path: Path) -> None:
    program = (
        "import json, dramaloc\n"
        "from dramaloc.engines.packages import bundled_models, find_packages\n"
        "from dramaloc.markets.packs import bundled_packs\n"
        "models = [str(p.path) for p in find_packages() if p.bundled]\n"
        "print(json.dumps([dramaloc.__file__, str(bundled_packs()), *models]))"
    )
    done = subprocess.run(
        [_script(installed, "python"), "-c", program],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        check=True,
    )
    paths = [Path(path).resolve() for path in json.loads(done.stdout)]
    assert len(paths) >= 3
    for path in paths:
        assert path.is_relative_to(installed.resolve())
