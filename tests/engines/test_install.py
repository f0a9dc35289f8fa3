import functools
import http.server
import io
import json
import shutil
import struct
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dramaloc.engines.argos import ArgosEngine
from dramaloc.engines.engine import Request
from dramaloc.engines.install import Available, download, install, newest, remove
from dramaloc.engines.packages import bundled_models, find_packages, read_package
from dramaloc.errors import EngineError, EngineNotInstalledError, InputError

TOY = Path(__file__).parents[1] / "packages" / "en_es-toy"


def packed(source: Path, archive: Path, *, root: str = "translate-en_es-1_0") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                zipped.write(path, f"{root}/{path.relative_to(source)}")
    return archive


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return packed(TOY, tmp_path / "toy.argosmodel")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "argos" / "packages"


def changed(archive: Path, name: str, content: bytes | None) -> Path:
    """Write the archive again with one member replaced, or left out."""
    out = archive.with_name("changed.argosmodel")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            if not member.filename.endswith(name):
                new.writestr(member, old.read(member))
        if content is not None:
            new.writestr(f"translate-en_es-1_0/{name}", content)
    return out


def test_a_package_is_installed_where_argos_tools_see_it(archive: Path, folder: Path) -> None:
    package = install(archive, folder)
    assert (package.from_code, package.to_code, package.bundled) == ("en", "es", False)
    assert package.path.parent == folder
    assert [found.path for found in find_packages([folder])] == [package.path]
    assert sorted(path.name for path in folder.parent.iterdir()) == ["packages"]


def test_a_newer_package_replaces_the_older(archive: Path, folder: Path, tmp_path: Path) -> None:
    install(archive, folder)
    newer = install(packed(TOY, tmp_path / "b.argosmodel", root="translate-en_es-2_0"), folder)
    again = install(packed(TOY, tmp_path / "b.argosmodel", root="translate-en_es-2_0"), folder)
    assert [path.name for path in folder.iterdir()] == ["translate-en_es-2_0"]
    assert newer.path == again.path


def symlink(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o120777 << 16
    return member


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([("../evil/metadata.json", b"{}")], "elsewhere"),
        ([("/etc/evil", b"")], "elsewhere"),
        ([("a\\..\\evil", b"")], "elsewhere"),
        ([("C:/evil", b"")], "elsewhere"),
        ([("./../x", b"")], "elsewhere"),
        ([(".hidden/metadata.json", b"{}")], "elsewhere"),
        ([(symlink("pack/model"), b"/etc")], "elsewhere"),
        ([("one/a", b""), ("two/b", b"")], "several"),
        ([("pack/zeros", bytes(50_000_000))], "unpack to"),
        ([(f"pack/{number}", b"") for number in range(2_500)], "unpack to"),
        ([("pack/readme", b"")], "metadata.json"),
        ([("pack/metadata.json", b"[1]")], "metadata.json"),
        ([("pack/metadata.json", b'{"from_code": "../x", "to_code": "es"}')], "language"),
        ([("pack/metadata.json", b'{"from_code": 3, "to_code": "es"}')], "language"),
        ([("pack/metadata.json", b'{"from_code": "en", "to_code": "es"}')], "lacks"),
    ],
)
def test_a_hostile_archive_leaves_nothing_behind(
    members: list[tuple[str | zipfile.ZipInfo, bytes]], says: str, folder: Path, tmp_path: Path
) -> None:
    evil = tmp_path / "evil.argosmodel"
    with zipfile.ZipFile(evil, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members:
            zipped.writestr(name, content)
    with pytest.raises(InputError, match=says):
        install(evil, folder)
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in folder.parent.iterdir()) == ["packages"]
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("sentencepiece.model", None, "lacks"),
        ("sentencepiece.model", b"nonsense", "does not work"),
        ("model/model.bin", None, "does not work"),
        ("model/model.bin", b"nonsense", "does not work"),
    ],
)
def test_missing_and_broken_parts(
    archive: Path, folder: Path, name: str, content: bytes | None, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        install(changed(archive, name, content), folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("cut", [0, 10, 5_000, -50])
def test_a_truncated_archive(archive: Path, folder: Path, cut: int) -> None:
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(InputError, match=r"toy\.argosmodel"):
        install(archive, folder)
    assert list(folder.iterdir()) == []


def test_flipped_bytes_are_found(archive: Path, folder: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.write_bytes(bytes(data))
    with pytest.raises(InputError, match="damaged"):
        install(archive, folder)
    assert list(folder.iterdir()) == []


def test_a_damaged_model_is_told_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "en_es"
    shutil.copytree(TOY, broken)
    (broken / "model" / "model.bin").write_bytes(b"nonsense")
    package = read_package(broken)
    assert package is not None
    with pytest.raises(EngineError, match="cannot be loaded") as caught:
        ArgosEngine(packages=[package]).translate([Request(text="Hi")], "en", "es")
    assert str(caught.value).startswith(str(broken))
    assert caught.value.message.count(". ") == 0


def test_a_failed_update_keeps_the_old_package(archive: Path, folder: Path) -> None:
    old = install(archive, folder)
    with pytest.raises(InputError):
        install(changed(archive, "model/model.bin", b"nonsense"), folder)
    assert read_package(old.path) == old


def test_a_package_with_a_target_prefix_works(archive: Path, folder: Path) -> None:
    said = json.loads((TOY / "metadata.json").read_text(encoding="utf-8"))
    said["target_prefix"] = "▁Mi"
    package = install(changed(archive, "metadata.json", json.dumps(said).encode()), folder)
    engine = ArgosEngine(packages=[package])
    asked = [Request(text="My mother is in the house."), Request(text="The house is here.")]
    (mother,), (house,) = engine.translate(asked, "en", "es")
    # The model is made to begin so, and its beginning is no part of the text.
    assert mother.text == "madre está en la casa."
    assert "Mi" not in house.text
    assert house.text != "La casa está aquí."


def test_an_old_package_with_byte_pairs_works(tmp_path: Path, folder: Path) -> None:
    """Argos packages before 1.9 have Moses words and `bpe.model` for SentencePiece."""
    old = shutil.copytree(TOY, tmp_path / "old")
    (old / "sentencepiece.model").unlink()
    vocabulary = old / "model" / "shared_vocabulary.json"
    pieces = json.loads(vocabulary.read_text(encoding="utf-8"))
    words = [piece.removeprefix("▁") if piece[0] == "▁" or piece == "." else f"{piece}@@"
             for piece in pieces]  # fmt: skip
    words[:4] = pieces[:4]
    vocabulary.write_text(json.dumps(words), encoding="utf-8")
    merges = [
        f"{word[:end]} {word[end]}{'</w>' if end + 1 == len(word) else ''}"
        for word in ("The", "house", "is", "here")
        for end in range(1, len(word))
    ]
    (old / "bpe.model").write_text("\n".join(["#version: 0.2", *merges]), encoding="utf-8")
    package = install(packed(old, tmp_path / "old.argosmodel"), folder)
    ((found,),) = ArgosEngine(packages=[package]).translate(
        [Request(text="The house is here.")], "en", "es"
    )
    assert found.text == "La casa está aquí."


def test_remove(archive: Path, folder: Path) -> None:
    remove(install(archive, folder))
    assert list(folder.iterdir()) == []
    (bundled,) = find_packages([bundled_models()])
    with pytest.raises(InputError, match="came with dramaloc"):
        remove(bundled)


def offer(version: str, *links: str) -> Available:
    return Available(from_code="en", to_code="es", version=version, links=links)


def test_the_newest_package_is_chosen() -> None:
    offered = [offer("1.9"), offer("1.10"), offer("junk"), offer("1.2")]
    assert newest(offered, "en", "es").version == "1.10"
    with pytest.raises(EngineNotInstalledError, match="from en to fr"):
        newest(offered, "en", "fr")


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; understands ranges; cuts its first answers off after `cut` bytes."""

    cut = 0
    asked: list[str | None] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("Range"))
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        begin = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        if begin >= len(data):
            self.send_error(416)
            return
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        if self.cut and not begin:
            self.wfile.write(data[: self.cut])
        else:
            self.wfile.write(data[begin:])

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    Server.cut, Server.asked = 0, []
    handler = functools.partial(Server, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()
        thread.join()


def test_a_download_goes_on_where_it_broke_off(archive: Path, server: str, tmp_path: Path) -> None:
    Server.cut = 1_000
    package, downloads = offer("1.0", f"{server}toy.argosmodel"), tmp_path / "downloads"
    seen: list[tuple[int, int]] = []
    with pytest.raises(EngineError, match="1000 of"):
        download(package, downloads)
    found = download(package, downloads, lambda done, total: seen.append((done, total)))
    assert found.read_bytes() == archive.read_bytes()
    assert Server.asked == [None, "bytes=1000-"]
    assert seen[-1] == (archive.stat().st_size,) * 2


def test_a_complete_part_is_not_downloaded_again(
    archive: Path, server: str, tmp_path: Path
) -> None:
    package, downloads = offer("1.0", f"{server}toy.argosmodel"), tmp_path / "downloads"
    downloads.mkdir()
    shutil.copy(archive, downloads / "translate-en_es-1.0.argosmodel.part")
    assert download(package, downloads).read_bytes() == archive.read_bytes()


def test_other_links_are_tried(archive: Path, server: str, tmp_path: Path) -> None:
    package = offer("1.0", f"{server}gone", f"{server}toy.argosmodel")
    assert download(package, tmp_path / "d").read_bytes() == archive.read_bytes()
    with pytest.raises(EngineError, match="404"):
        download(offer("1.0", f"{server}gone"), tmp_path / "d")
    with pytest.raises(EngineError, match="no link"):
        download(offer("1.0"), tmp_path / "d")


def test_struct_is_no_zip(folder: Path, tmp_path: Path) -> None:
    fake = tmp_path / "fake.argosmodel"
    fake.write_bytes(struct.pack("<I", 0x04034B50) + io.BytesIO(b"junk").read())
    with pytest.raises(InputError, match=r"no zip|damaged"):
        install(fake, folder)
