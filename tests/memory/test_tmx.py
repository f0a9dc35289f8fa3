"""TMX: what dramaloc writes it reads, and what other tools write it reads too."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc.errors import OutputError, TmxError
from dramaloc.memory.entry import Entry
from dramaloc.memory.tmx import compose_tmx, parse_tmx

_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=8
).map(str.strip)
_WORDS = _TEXT.filter(bool)
_ENTRIES = st.lists(
    st.builds(
        Entry,
        source=st.one_of(_WORDS, st.just("<i>你来了\n坐吧</i>")),
        target=_WORDS,
        market=st.just("en-US"),
        origin=_WORDS,
        reviewed=st.booleans(),
        show=_TEXT,
        episode=_TEXT,
        before=_TEXT,
        after=_TEXT,
    ),
    min_size=1,
    max_size=5,
)


@given(_ENTRIES)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    written = "".join(compose_tmx(entries)).encode()
    assert parse_tmx(written, "en-US").entries == tuple(entries)


def test_what_is_written_keeps_to_the_order_of_tmx() -> None:
    entry = Entry(source="你", target="You", market="en-US", origin="A & B", before="<我>")
    root = ET.fromstring("".join(compose_tmx([entry])))  # noqa: S314  # our own
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    header, body = root
    assert {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang",
            "datatype"} == set(header.attrib)  # fmt: skip
    assert [each.tag for each in body[0]] == ["prop", "prop", "tuv", "tuv"]


def _tmx(body: str, srclang: str = "zh-CN") -> bytes:
    return f"""<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="{srclang}"/><body>{body}</body></tmx>""".encode()


def _unit(**texts: str) -> str:
    variants = "".join(
        f'<tuv xml:lang="{tag.replace("_", "-")}"><seg>{text}</seg></tuv>'
        for tag, text in texts.items()
    )
    return f"<tu>{variants}</tu>"


def test_a_file_of_another_tool_is_read() -> None:
    omegat = """<tu><prop type="file">E01.srt</prop><prop type="prev">谁</prop>
      <tuv lang="ZH-CN"><seg>你好</seg></tuv>
      <tuv lang="EN-US" changeid="Li Na" creationid="Tom"><seg>Hello.</seg></tuv></tu>"""
    (entry,) = parse_tmx(_tmx(omegat), "en-US", origin="memory.tmx").entries
    assert entry == Entry(
        source="你好", target="Hello.", market="en-US", origin="Li Na", reviewed=True, before="谁"
    )
    (entry,) = parse_tmx(
        _tmx(_unit(zh="你好", en="Hi.")), "en-US", origin="x.tmx", reviewed=False
    ).entries
    assert (entry.origin, entry.reviewed) == ("x.tmx", False)


def test_the_markets_own_tag_comes_first_then_what_others_call_it() -> None:
    unit = _unit(zh="软件", zh_TW="軟體", en_GB="colour", en="color")
    assert [e.target for e in parse_tmx(_tmx(unit), "zh-Hant-TW").entries] == ["軟體"]
    assert [e.target for e in parse_tmx(_tmx(unit), "en-US").entries] == ["color"]
    assert [e.target for e in parse_tmx(_tmx(unit), "en-GB").entries] == ["colour"]
    for srclang in ("zh-CN", "*all*"):
        assert parse_tmx(_tmx(unit, srclang), "en-US").entries[0].source == "软件"


def test_codes_are_kept_if_they_are_marks_of_subtitles() -> None:
    seg = "<bpt i='1'>&lt;i&gt;</bpt>你<ept i='1'>&lt;/i&gt;</ept><ph>{1}</ph><hi>好</hi>"
    (entry,) = parse_tmx(_tmx(_unit(zh=seg, en="Hi")), "en-US").entries
    assert entry.source == "<i>你</i>好"


def test_units_without_both_languages_are_counted() -> None:
    found = parse_tmx(_tmx(_unit(zh="你", en="You") + _unit(zh="我", de="Ich")), "en-US")
    assert (len(found.entries), found.skipped) == (1, 1)
    with pytest.raises(TmxError, match=r"no unit has Chinese and fr-FR\. Its languages are en, zh"):
        parse_tmx(_tmx(_unit(zh="你", en="You")), "fr-FR")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not valid XML"),
        (b"<tmx><body>", "not valid XML"),
        (b"<martif/>", "root element is 'martif'"),
        (b"<tmx><body/></tmx>", "holds no units"),
        (b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>', "declares XML entities"),
        (b'<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]><tmx>&a;</tmx>', "entities"),
        (b"<tmx>" + b"<a>" * 10_000, "64 deep"),
        (b'<?xml version="1.0" encoding="no"?><tmx/>', "encoding"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(TmxError, match=said) as refused:
        parse_tmx(data, "en-US")
    assert "\n" not in str(refused.value)


def test_what_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(OutputError, match="XML cannot write"):
        list(compose_tmx([Entry(source="a\x01", target="b", market="en-US")]))
