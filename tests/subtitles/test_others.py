"""What others' software makes of our files: ffmpeg, libass, Chromium, ttconv and pysubs2."""

from __future__ import annotations

import http.server
import io
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pysubs2
import pytest

from dramaloc.subtitles import formats
from dramaloc.subtitles.convert import convert
from dramaloc.subtitles.document import Cue, Document
from dramaloc.subtitles.inline import bare

ROOT = Path(__file__).parents[2]
EPISODE = ROOT / "samples" / "indigo-house" / "E01.zh-Hans.srt"
CASES = ROOT / "tests" / "cases" / "formats"

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def episode() -> Document:
    whole = formats.read(EPISODE.read_bytes())
    return replace(whole, cues=whole.cues[:60])


def written(document: Document, target: str) -> bytes:
    return formats.write(convert(document, target)[0])


def alone(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues that share no moment with another."""
    return [
        cue
        for cue in cues
        if sum(cue.start_ms < other.end_ms and other.start_ms < cue.end_ms for other in cues) == 1
    ]


def ffmpeg(*arguments: str | Path) -> bytes:
    words = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(words, check=True, capture_output=True, timeout=120).stdout


@needs_ffmpeg
@pytest.mark.parametrize(
    ("target", "container", "codec"),
    [
        ("srt", "mkv", "copy"),
        ("ass", "mkv", "copy"),
        ("vtt", "mkv", "copy"),
        ("srt", "mp4", "mov_text"),
        ("vtt", "mp4", "mov_text"),
        ("ass", "mp4", "mov_text"),
    ],
)
def test_ffmpeg_muxes_a_file_and_gives_the_same_cues_back(
    episode: Document, tmp_path: Path, target: str, container: str, codec: str
) -> None:
    if container == "mp4":  # its samples follow one another: a sign cannot lie over speech
        episode = replace(episode, cues=tuple(alone(episode.cues)))
    source, film = tmp_path / f"E01.{target}", tmp_path / f"E01.{container}"
    source.write_bytes(written(episode, target))
    ffmpeg("-i", source, "-c:s", codec, film)
    back = tmp_path / f"back.{'srt' if codec == 'mov_text' else target}"
    ffmpeg("-i", film, back)
    found = formats.read(back.read_bytes()).cues
    assert [(c.start_ms, c.end_ms) for c in found] == [(c.start_ms, c.end_ms) for c in episode.cues]
    for ours, theirs in zip(episode.cues, found, strict=True):
        assert _words(theirs.text) == _words(ours.text)


def _words(text: str) -> list[str]:
    return bare(text).replace("\u00a0", " ").split()


def rows_drawn(script: bytes, folder: Path, at: str) -> set[str]:
    """Draw a script over black with libass; say in which thirds of the picture something is."""
    (folder / "drawn.ass").write_bytes(script)
    width, height = 320, 180
    words = (
        f"ffmpeg -nostdin -v error -f lavfi -i color=black:s={width}x{height}:d=20"
        f" -vf ass=drawn.ass -ss {at} -frames:v 1 -f rawvideo -pix_fmt gray -"
    )
    data = subprocess.run(
        words.split(), check=True, capture_output=True, cwd=folder, timeout=120
    ).stdout
    assert len(data) == width * height
    third = len(data) // 3
    names = ("above", "middle", "below")
    return {name for at, name in enumerate(names) if max(data[at * third : (at + 1) * third]) > 99}


@needs_ffmpeg
@pytest.mark.parametrize(
    ("at", "where"),
    [("0.5", set()), ("2", {"above"}), ("5", {"below"}), ("7", {"below"}), ("11", {"above"})],
)
def test_libass_draws_a_localized_script_where_it_should(
    tmp_path: Path, at: str, where: set[str]
) -> None:
    script = (CASES / "indigo.ass").read_bytes()
    assert rows_drawn(formats.write(formats.read(script)), tmp_path, at) == where


@needs_ffmpeg
def test_libass_draws_what_was_converted_to_ass(tmp_path: Path) -> None:
    script = written(formats.read((CASES / "indigo.ttml").read_bytes()), "ass")
    assert rows_drawn(script, tmp_path, "2") == {"above"}
    assert rows_drawn(script, tmp_path, "5") == {"below"}
    assert rows_drawn(script, tmp_path, "12") == set()


def test_pysubs2_reads_our_ass_and_webvtt_the_same(episode: Document) -> None:
    for target in ("ass", "ssa", "vtt", "srt"):
        read = pysubs2.SSAFile.from_string(written(episode, target).decode())
        assert [(e.start, e.end) for e in read] == [(c.start_ms, c.end_ms) for c in episode.cues]
        assert [e.plaintext.split() for e in read] == [_words(c.text) for c in episode.cues]


def test_pysubs2_and_ttconv_read_our_ttml_the_same(episode: Document) -> None:
    import xml.etree.ElementTree as ET

    from ttconv.imsc import reader
    from ttconv.srt import writer

    text = written(episode, "ttml").decode()
    expected = [(c.start_ms, c.end_ms, _words(c.text)) for c in episode.cues]
    read = pysubs2.SSAFile.from_string(text, format_="ttml")
    assert [(e.start, e.end, e.plaintext.split()) for e in read] == expected
    model = reader.to_model(ET.parse(io.BytesIO(text.encode())))  # noqa: S314  # our own
    cues = formats.read(writer.from_model(model).encode()).cues
    # ttconv writes what is shown at a time, so cues that overlap come out in pieces.
    said = {(c.start_ms, c.end_ms): _words(c.text) for c in cues}
    single = alone(episode.cues)
    assert len(single) > len(episode.cues) * 0.8
    assert all(said.get((c.start_ms, c.end_ms)) == _words(c.text) for c in single)


PAGE = """<!doctype html><meta charset="utf-8">
<video muted preload="auto"><track kind="subtitles" default src="track.vtt"></video>
<script>
const video = document.querySelector("video"), element = document.querySelector("track");
const shown = cue => cue.getCueAsHTML().textContent;
const once = (what, event) => new Promise(done => what.addEventListener(event, done, {once: true}));
(async () => {
  const report = {cues: [], seen: []};
  video.src = URL.createObjectURL(await (await fetch("film.webm")).blob());  // so that it can seek
  element.track.mode = "showing";
  if (element.readyState !== 2) await once(element, "load");
  if (video.readyState < 2) await once(video, "loadeddata");
  for (const c of element.track.cues)
    report.cues.push([c.startTime, c.endTime, shown(c), c.id, String(c.line), c.vertical, c.align]);
  for (const at of TIMES) {
    const sought = once(video, "seeked");
    video.currentTime = at;
    await sought;
    await new Promise(done => setTimeout(done, 100));
    report.seen.push([...element.track.activeCues].map(shown));
  }
  await fetch("report", {method: "POST", body: JSON.stringify(report)});
})();
</script>"""


def in_chromium(vtt: bytes, times: list[float], folder: Path) -> dict[str, Any]:
    """Play a film with a track in Chromium; return its cues, and those seen at some times."""
    film = folder / "film.webm"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=64x36:r=5:d=12", "-c:v", "libvpx", "-g", "5", film)
    served = {
        "/": ("text/html", PAGE.replace("TIMES", str(times)).encode()),
        "/film.webm": ("video/webm", film.read_bytes()),
        "/track.vtt": ("text/vtt", vtt),
    }
    reports: queue.Queue[dict[str, Any]] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = served.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = (
        f"{CHROMIUM} --headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
        " --disable-background-networking --disable-component-update --disable-sync"
        f" --user-data-dir={folder}/profile --remote-debugging-port=0"
        f" http://127.0.0.1:{server.server_port}/"
    )
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words.split(), stdout=quiet, stderr=quiet) as browser:
        try:
            return reports.get(timeout=100)
        finally:
            browser.terminate()
            server.shutdown()
            server.server_close()


@needs_ffmpeg
@needs_chromium
def test_chromium_shows_the_track_with_the_right_text_at_the_right_time(tmp_path: Path) -> None:
    vtt = written(formats.read((CASES / "indigo.ttml").read_bytes()), "vtt")
    report = in_chromium(vtt, [0.5, 2, 5, 8, 9.5, 11], tmp_path)
    assert [[*cue[:2], cue[2].split()] for cue in report["cues"]] == [
        [1, 3.5, ["[云南大理", "周城]"]],
        [4.5, 6, ["染缸", "死了"]],
        [7, 8.5, ["师傅", "&", "小杨,", "别走"]],
        [9, 10, ["靛花dianhua漂起来了"]],
    ]
    assert [cue[3:] for cue in report["cues"]] == [
        ["s1", "0", "", "center"],
        ["", "auto", "", "center"],
        ["", "auto", "", "center"],
        ["", "auto", "rl", "center"],
    ]
    texts = [cue[2] for cue in report["cues"]]
    assert report["seen"] == [[], [texts[0]], [texts[1]], [texts[2]], [texts[3]], []]
