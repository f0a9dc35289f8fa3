"""`models install`, `import`, `remove` against an index of this machine, in a fresh home."""

import functools
import http.server
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

TOY = Path(__file__).parents[1] / "packages" / "en_es-toy"
EPISODE = "1\n00:00:01,000 --> 00:00:04,000\n奶奶喜欢木雕\n\n"
PACK = "source,target\n木雕,talla en madera\n"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    served = tmp_path / "served"
    served.mkdir()
    with zipfile.ZipFile(served / "toy.argosmodel", "w") as zipped:
        for path in sorted(TOY.rglob("*")):
            if path.is_file():
                zipped.write(path, f"translate-en_es/{path.relative_to(TOY)}")
    handler = functools.partial(Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        url = f"http://127.0.0.1:{running.server_address[1]}/"
        said = {
            "from_code": "en",
            "to_code": "es",
            "package_version": "1.0",
            "links": [f"{url}toy.argosmodel"],
        }
        (served / "index.json").write_text(json.dumps([said]), encoding="utf-8")
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield url
        running.shutdown()
        thread.join()


@pytest.fixture
def environment(tmp_path: Path, index: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return {**kept, "HOME": str(tmp_path / "home"), "ARGOS_PACKAGE_INDEX": index}


def dramaloc(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from dramaloc.cli import main; main(sys.argv[1:])"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_a_model_is_installed_used_and_removed(environment: dict[str, str], tmp_path: Path) -> None:
    packages = tmp_path / "home" / ".local" / "share" / "argos-translate" / "packages"
    assert dramaloc(environment, "models", "list", "--available").stdout.split()[-3:] == [
        "en",
        "es",
        "1.0",
    ]
    installed = dramaloc(environment, "models", "install", "en", "es")
    assert installed.returncode == 0, installed.stderr
    assert [path.name for path in packages.iterdir()] == ["translate-en_es"]

    listed = json.loads(dramaloc(environment, "models", "list", "--format", "json").stdout)
    assert {(p["from"], p["to"], p["bundled"]) for p in listed["data"]} == {
        ("en", "es", False),
        ("zh", "en", True),
    }
    assert "brackets 100%" in dramaloc(environment, "models", "verify", "en", "es").stdout

    removed = dramaloc(environment, "models", "remove", "en", "es")
    assert removed.returncode == 0, removed.stderr
    assert list(packages.iterdir()) == []


def test_a_term_is_kept_over_the_pivot(environment: dict[str, str], tmp_path: Path) -> None:
    """zh → en → es with real models: 木雕 → wood carving → talla en madera."""
    episode = tmp_path / "E01.zh-Hans.srt"
    episode.write_text(EPISODE, encoding="utf-8")
    table = tmp_path / "names.csv"
    table.write_text("source,target,market\n木雕,talla en madera,es\n", encoding="utf-8")
    words = ("localize", str(episode), "-m", "es", "--glossary", str(table), "--report")

    refused = dramaloc(environment, *words)
    assert refused.returncode == 3
    assert "dramaloc models install en es" in refused.stderr

    dramaloc(environment, "models", "install", "en", "es")
    done = dramaloc(environment, *words)
    assert done.returncode == 0, done.stderr
    assert "talla en madera" in (tmp_path / "E01.es.srt").read_text(encoding="utf-8")
    report = json.loads((tmp_path / "E01.es.srt.report.json").read_text(encoding="utf-8"))
    assert [(t["required"], t["kept"]) for t in report["terms"] if t["source"] == "木雕"] == [
        ("talla en madera", True)
    ]


def test_an_index_out_of_reach_is_one_line(environment: dict[str, str]) -> None:
    away = {**environment, "ARGOS_PACKAGE_INDEX": "http://127.0.0.1:9/"}
    found = dramaloc(away, "models", "install", "en", "es")
    assert found.returncode == 2
    assert "cannot be read" in found.stderr.splitlines()[-1]
    assert "Traceback" not in found.stderr


def test_a_bad_file_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.argosmodel"
    bad.write_bytes(b"no zip")
    found = dramaloc(environment, "models", "import", str(bad))
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)
    assert "no zip archive" in found.stderr
