# ruff: noqa: E501, ISC004
"""Small whole files to begin from, for formats the samples have none of."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from dramaloc.glossary.tables import parse_table
from dramaloc.glossary.tbx import compose_tbx
from dramaloc.markets.packs import load_market
from dramaloc.memory.entry import Entry
from dramaloc.memory.tmx import compose_tmx
from dramaloc.review.handout import Handout, hand_out
from dramaloc.subtitles.document import Cue, Document


def _stl() -> str:
    general = bytearray(b" " * 1024)
    for at, value in (
        (0, b"850"), (3, b"STL25.01"), (11, b"1"), (12, b"00"), (14, b"09"), (238, b"00002"),
        (243, b"00002"), (248, b"001"), (251, b"40"), (253, b"23"), (255, b"1"), (256, b"00000000"),
        (264, b"00000000"), (272, b"1"), (273, b"1"),
    ):  # fmt: skip
        general[at : at + len(value)] = value
    blocks = [
        bytes([0, number, 0, 0xFF, 0, *times, 20, 2, 0]) + text.ljust(112, b"\x8f")
        for number, (times, text) in enumerate(
            [((0, 0, 1, 0, 0, 0, 2, 12), b"Hello\x8athere"), ((0, 0, 3, 0, 0, 0, 4, 0), b"Bye")]
        )
    ]
    return (bytes(general) + b"".join(blocks)).decode("latin-1")


_TABLE = (
    "source,target,action,status,kind,accept,forbid,note,market,reference\n"
    "扎染|扎染布,tie-dye,translate,preferred,craft,tied-dye,batik,Bai craft,,ours\n"
    "蓝院,,keep,preferred,title,,,,,ours\n"
    "一盏茶,十分钟,paraphrase,preferred,,,,,,ours\n"
)
_TERMS = parse_table(_TABLE)
_ENTRIES = (
    Entry(source="你好", target="Hello", market="en-US", origin="Lin", reviewed=True,
          show="蓝院", episode="E01", before="再见", after=""),
    Entry(source="扎染", target="tie-dye <i>", market="en-US", origin="argos", reviewed=False),
)  # fmt: skip
_ENTRY = {
    "dramaloc": "0.1.0", "input": "E01.zh-Hans.srt", "input_digest": "sha256:0", "market": "en-US",
    "market_fingerprint": "f", "engine": "echo", "options": {"merge": "off"},
    "output_digest": "sha256:1", "counts": {"cues": 2, "error": 0}, "rungs": {"forced": 1},
    "report_digest": "", "replaces": "",
}  # fmt: skip
_RECORD = {
    "dramaloc": "0.1.0",
    "cues": {
        "1000-0": {
            "source": "你好",
            "text": "Hi",
            "by": ["Lin"],
            "comments": [{"by": "A", "text": "好"}],
        }
    },
}


def _json(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)


SAMPLES: dict[str, tuple[str, ...]] = {
    "vtt": (
        "WEBVTT - 第一集\nLanguage: zh\n\nNOTE 说明\n\nSTYLE\n::cue { color: red }\n\n"
        "1\n00:01.000 --> 00:02.000 line:0 align:start\n<v 秀莲>你好 &amp; <i>再见</i>\n\n"
        "题目\n00:00:03.000 --> 00:00:04.500\n<ruby>扎<rt>zhā</rt></ruby>染 &lt;好&gt; <c.red>蓝</c>\n",
    ),
    "ass": (
        "[Script Info]\nTitle: 蓝院\nScriptType: v4.00+\n\n[V4+ Styles]\n"
        "Format: Name, Fontname, Fontsize\nStyle: Default,Noto,64\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,秀莲,0,0,0,,你好{\\i1}吗{\\i0}\\N再见\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,说明\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,karaoke,{\\k20}唱{\\k30}歌\n",
        "[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\nFormat: Name\nStyle: D\n\n[Events]\n"
        "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: Marked=0,0:00:01.00,0:00:02.00,D,,0,0,0,,你好\n",
    ),
    "ttml": (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" '
        'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="zh">\n<head><metadata>'
        '<ttm:agent xml:id="a" type="person"><ttm:name>秀莲</ttm:name></ttm:agent></metadata></head>\n'
        '<body><div begin="1s">\n<p xml:id="c1" begin="0s" end="1.5s" ttm:agent="a">你好<br/>'
        '<span tts:fontStyle="italic">再见 &amp; 好</span></p>\n<!-- 说明 -->\n'
        '<p begin="00:00:03.000" dur="2s"><![CDATA[扎染]]></p>\n</div></body></tt>\n',
    ),
    "sbv": ("0:00:01.000,0:00:02.000\n你好[br]吗\n\n0:00:03.000,0:00:04.000\n再见\n蓝院\n",),
    "scc": (
        "Scenarist_SCC V1.0\n\n00:00:01:00\t9420 9420 94ae 94ae 9470 9470 c8e5 ecec ef80 942f 942f\n\n"
        "00:00:03:00\t942c 942c\n\n00:00:04:00\t9420 9420 94ae 94ae 91ae 91ae 54ef f080 942f 942f\n\n"
        "00:00:06:15\t942c 942c\n",
    ),
    "stl": (_stl(),),
    "omegat": ("# 说明\n木雕\twood carving\ta craft\n扎染\ttie-dye\n",),
    "tbx": (compose_tbx(_TERMS),),
    "tmx": ("".join(compose_tmx(_ENTRIES)),),
    "comments": (
        "Timecode,Comment,Author\n00:00:01:12,太快了,Lin\n1:02,好,王\n",
        "时间;内容\n1分2秒;看不懂\n62.5;好\n",
        "00:00:01,说得好\n00:00:05,不对\n",
    ),
    "dramaloc.toml": (
        '[series]\ntitle = "蓝院"\n[localize]\nmarket = ["en-US", "TW"]\nglossary = ["names.csv"]\n'
        'memory = "memory.sqlite"\nretime = true\njobs = 2\nmerge-threshold = 0.5\nfps = 25\n',
    ),
    "manifest": (_json({"dramaloc": "0.1.0", "outputs": {"E01.en-US.srt": _ENTRY}}),),
    "journal": (
        json.dumps({"output": "E01.en-US.srt", "entry": _ENTRY}, ensure_ascii=False) + "\n",
    ),
    "record": (_json(_RECORD),),
}  # fmt: skip


def _handout() -> Handout:
    source = Document(
        cues=(
            Cue(number=1, start_ms=1000, end_ms=2000, text="你好 扎染"),
            Cue(number=2, start_ms=3000, end_ms=4000, text="=1+1"),
        ),
        language="zh-Hans",
    )
    texts = ("Hello, tie-dye", "=1+1 <i>x</i>")
    target = replace(
        source,
        cues=tuple(replace(c, text=t) for c, t in zip(source.cues, texts, strict=True)),
        language="en-US",
    )
    return hand_out(target, load_market("en-US"), source, name="E01.en-US.srt", source_name="E01")


def review_files() -> dict[str, str]:
    """Return one file of each kind that reviewers send back; a workbook's bytes as Latin-1."""
    from dramaloc.review.sheet import compose_csv, compose_xlsx
    from dramaloc.review.xliff import compose_xliff, compose_xliff2

    handout = _handout()
    edits = {
        "dramaloc-edits": 1,
        "reviewer": "Lin",
        "target": "E01.en-US.srt",
        "cues": [
            {"id": cue.row.key, "cue": "1", "text": "Hi", "before": cue.target, "approved": True,
             "comment": "好"}
            for cue in handout.cues
        ],
    }  # fmt: skip
    return {
        "json": _json(edits),
        "csv": compose_csv(handout).decode("utf-8-sig"),
        "xliff": compose_xliff(handout).decode(),
        "xliff2": compose_xliff2(handout).decode(),
        "xlsx": compose_xlsx(handout).decode("latin-1"),
    }
