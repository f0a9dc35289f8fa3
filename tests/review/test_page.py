"""The review page, in a real browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chromium import Browser, Page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dramaloc.glossary.forms import located, violations
from dramaloc.glossary.term import Glossary, Term
from dramaloc.markets.market import Market
from dramaloc.markets.packs import load_market
from dramaloc.review.edits import parse_json
from dramaloc.review.handout import Handout, hand_out
from dramaloc.review.merge import merge, texts
from dramaloc.review.page import compose_page, page_data
from dramaloc.subtitles import formats
from dramaloc.subtitles.document import Document
from dramaloc.subtitles.inline import bare
from dramaloc.subtitles.width import width

HOSTILE_WORDS = "<script>window.pwned = 1</script>"
Open = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a handout's page; what stood in storage from other tests is gone."""
    pages: list[Page] = []

    def open_page(handout: Handout, **how: Any) -> Page:
        path = tmp_path / "review.html"
        path.write_text(compose_page(handout), encoding="utf-8")
        browser.events.clear()
        page = browser.page(path, **how)
        pages.append(page)
        page.run("localStorage.clear(); work = {}; true")
        page.open(path)
        return page

    yield open_page
    for page in pages:
        page.close()


def _text(page: Page, selector: str) -> str:
    return str(page.run(f"document.querySelector({json.dumps(selector)}).textContent"))


def _problems(browser: Browser) -> list[Any]:
    names = {"Log.entryAdded", "Runtime.exceptionThrown"}
    return [event["params"] for event in browser.events if event.get("method") in names]


def test_hostile_text_is_shown_and_never_run(
    opened: Open, browser: Browser, hostile: Handout
) -> None:
    page = opened(hostile)
    for at in range(len(hostile.cues)):
        page.run(f"select({at})")
    assert page.run("window.pwned") is None
    assert page.run("document.scripts.length") == 2
    assert page.run("document.images.length") == 0
    shown = page.run("Array.from(document.querySelectorAll('article textarea'), t => t.value)")
    assert shown == [cue.target for cue in hostile.cues]
    assert HOSTILE_WORDS in _text(page, "article .said")
    assert HOSTILE_WORDS in _text(page, "header")
    page.run("words(); overlay(cues[1].target)")
    assert page.run("window.pwned") is None
    assert _problems(browser) == []


def test_nothing_is_loaded_and_nothing_foreign_runs(
    opened: Open, browser: Browser, handout: Handout
) -> None:
    page = opened(handout)
    wanted = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert {url.partition(":")[0] for url in wanted} == {"file"}
    assert len(set(wanted)) == 1
    page.run(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.pwned = 1'}))"
    )
    assert page.run("window.pwned") is None
    refused = "fetch('https://example.invalid/').then(() => 'sent', () => 'refused')"
    assert page.run(refused) == "refused"
    assert any("Content Security Policy" in str(problem) for problem in _problems(browser))


def test_typing_moves_counters_chips_and_progress(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    assert _text(page, "#done") == "0 of 5 reviewed"
    assert page.run("views[1].terms.firstChild.className") == "chip term lost"
    assert page.run("Array.from(views[1].chips.children, c => c.textContent)") == [
        "term missing", "term forbidden",
    ]  # fmt: skip
    page.click("article[data-at='1'] textarea")
    page.run("views[1].text.select()")
    page.type("Wood carving, and so on, far beyond what fits")
    assert page.run("views[1].terms.firstChild.className") == "chip term kept"
    assert page.run("Array.from(views[1].chips.children, c => c.textContent)") == [
        "line length", "reading speed",
    ]  # fmt: skip
    over = "Array.from(views[1].meters.querySelectorAll('.over'), c => c.textContent)"
    assert page.run(over) == ["22.5/20 chars/s", "45/42"]
    assert _text(page, "#done") == "1 of 5 reviewed, 1 edited"
    assert "45 where 42 fit" in _text(page, "#detail")
    page.click("article[data-at='1'] .back")
    assert page.run("[views[1].text.value, isEdited(1)]") == ["A woodcut.", False]


def test_work_survives_a_reload_and_is_undone_step_by_step(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    page.click("article[data-at='0'] textarea")
    page.run("views[0].text.select()")
    page.type("It is ")
    page.type("tie-dye.")
    page.press("Enter", modifiers=2)
    assert page.run("[current, document.activeElement === views[1].text]") == [1, True]
    page.press("Escape")
    page.press("c")
    page.type("Which one?")
    page.press("Escape")
    path = Path(page.run("location.pathname"))
    page.open(path)
    assert page.run("[textOf(0), isApproved(0), commentOf(1)]") == [
        "It is tie-dye.", True, "Which one?",
    ]  # fmt: skip
    assert page.run("views[0].text.value") == "It is tie-dye."
    assert _text(page, "#done") == "1 of 5 reviewed, 1 edited"
    page.run("select(2)")
    page.press("a")
    assert page.run("[isApproved(2), current]") == [True, 3]
    page.press("u")
    assert page.run("[isApproved(2), current]") == [False, 2]
    page.click("article[data-at='3'] textarea")
    page.type("x")
    page.type("y")
    page.press("Escape")
    page.press("u")
    assert page.run("isEdited(3)") is False


def test_filters_and_search(opened: Open, handout: Handout) -> None:
    page = opened(handout)

    def shown() -> Any:
        return page.run("views.flatMap((v, at) => v.row.hidden ? [] : [at])")

    counts = "Array.from(document.querySelectorAll('#filters b'), b => b.textContent)"
    assert page.run(counts) == ["5", "3", "0", "3", "1", "5"]
    page.click("[data-filter=findings]")
    assert shown() == [1, 2, 4]
    page.click("[data-filter=terms]")
    assert shown() == [0, 1, 2]
    page.click("[data-filter=comments]")
    assert shown() == [3]
    page.click("article[data-at='3'] .ok")
    page.click("[data-filter=todo]")
    assert shown() == [0, 1, 2, 4]
    page.press("/")
    page.type("木雕和")
    assert shown() == [2]
    page.press("Escape")
    page.run("document.getElementById('search').value = 'nowhere'; show()")
    assert shown() == []
    assert page.run("document.getElementById('nothing').hidden") is False


def test_the_keyboard_walks_the_list(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    for key, at in (("j", 1), ("n", 2), ("n", 4), ("N", 2), ("k", 1), ("ArrowDown", 2)):
        page.press(key)
        assert page.run("current") == at
    page.press("Enter")
    assert page.run("document.activeElement === views[2].text") is True
    page.press("ArrowDown", modifiers=1)
    assert page.run("[current, document.activeElement === views[3].text]") == [3, True]
    page.press("j")  # in a text it is a letter
    assert page.run("[current, views[3].text.value.includes('j')]") == [3, True]
    page.press("Escape")
    page.press("?")
    assert page.run("document.getElementById('keys').open") is True
    page.press("Escape")
    assert page.run("document.getElementById('keys').open") is False


def test_rows_far_from_the_screen_stand_empty_and_lose_nothing(
    opened: Open, document: Callable[..., Document], bare_market: Callable[..., Market]
) -> None:
    source = document(*(f"第{at}句" for at in range(300)))
    page = opened(hand_out(source, bare_market(), source, name="long.srt"))
    assert page.run("views.filter((v) => v.text).length") < 100
    page.run("select(250); views[250].text.focus()")
    page.type("X")
    page.press("Escape")
    page.run("document.activeElement.blur(); select(0)")
    page.until("!views[250].text")
    assert page.run("textOf(250)") == "第250句X"
    page.run("document.getElementById('search').value = 'x'; show()")
    page.until("views[250].text")
    assert page.run("views.flatMap((v, at) => v.row.hidden ? [] : [at])") == [250]
    assert page.run("views[250].text.value") == "第250句X"


def test_edits_are_exported_and_fit_the_file(
    opened: Open, browser: Browser, handout: Handout, tmp_path: Path
) -> None:
    page = opened(handout)
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    page.click("#export")
    assert "nothing to export" in _text(page, "#notice")
    page.run("put(1, {text: 'A wood carving.\\n木雕'}); changed(1); approve(2); ")
    page.click("#export")
    assert "Say your name" in _text(page, "#notice")
    page.type("Lin 林")
    page.click("#export")
    assert "2 cues exported" in _text(page, "#notice")
    saved = tmp_path / "E01.en-US.Lin-林.edits.json"
    page.until("true")
    for _ in range(500):
        if saved.exists() and saved.stat().st_size:
            break
        page.run("new Promise(done => setTimeout(done, 10))")
    edits = parse_json(saved.read_bytes(), name="file")
    merged = merge([cue.row for cue in handout.cues], [edits])
    assert not merged.refused
    assert texts(merged.decided) == {1: "A wood carving.\n木雕"}
    assert [(each.by, each.reviewed) for each in merged.decided] == [(("Lin 林",), True)] * 2

    page.run("localStorage.clear(); work = {}; cues.forEach((_, at) => refresh(at))")
    page.choose("#file", saved)
    page.until("textOf(1) !== cues[1].target")
    assert page.run("[isApproved(2), views[1].text.value]") == [True, "A wood carving.\n木雕"]
    other = tmp_path / "other.json"
    other.write_text("[]")
    page.choose("#file", other)
    page.until("document.getElementById('notice').textContent.includes('not a file of edits')")


STRINGS = (
    "Grandma is here.", "  spaces  ", "", "- You?\n- Me.", "<i>扎染</i> tie-dye", "{\\an8}上面",
    "<i中>not a tag", "<font color='red'>x</font>", "a\u0301e\u200d\u00ad\ufeff", "สวัสดีครับ ผู้ใหญ่",
    "مُدَرِّسٌ — هنا…", "“引号”·…—", "ｶﾀｶﾅ がガ", "👩‍👩‍👧 🇨🇳 😀", "𠮷野家 \U000e0101", "é я Ω ① ※",
    "نعم؟ <b>لا</b>", "\u202eabc\u202c", "한국어 자막", "ทั้งนั้น\nน้ำ", "\t tab \x7f", "Ꙁ\u1ab0 ﷽",
)  # fmt: skip


@pytest.mark.parametrize("code", ["en-US", "ja-JP"])
def test_both_sides_count_the_same(
    opened: Open, document: Callable[..., Document], code: str
) -> None:
    market = load_market(code)
    page = opened(hand_out(document("x"), market, document("木"), name="x.srt"))
    ranges = [
        (0x20, 0x2FFF),
        (0x3000, 0x33FF),
        (0xA000, 0xABFF),
        (0xF900, 0xFFFD),
        (0x1F000, 0x1FBFF),
    ]
    letters = ["".join(map(chr, range(*each))) for each in ranges]
    strings = [*STRINGS, *letters]
    ours = [[bare(text), width(bare(text), market.conventions.counting)] for text in strings]
    theirs = page.run(f"{json.dumps(strings)}.map((t) => [bare(t), width(bare(t))])")
    assert theirs == ours


TERMS = (
    Term(source="扎染", target="tie-dye", accept=("tied dye*",), forbid=("batik",)),
    Term(source="木雕", target="wood carving", accept=("carving",), forbid=("carv* art",)),
    Term(source="景泰蓝", target="cloisonné"), Term(source="皇后", target="Queen's lady"),
    Term(source="孩子", target="child"), Term(source="C++", target="C++ & co. #1 (x~y)"),
)  # fmt: skip


WORDS = (
    "tie-dye Tie–dyes tied dyeing wood\ncarving carvings carved-art CARV art woodcut batiks"
    " cloisonne cloisonné's queens lady children childhood C++ & co. #1 (x~y)"
).split(" ")


def test_both_sides_find_the_same_terms(
    opened: Open, document: Callable[..., Document], en_us: Market
) -> None:
    market = replace(en_us, glossary=Glossary(TERMS))
    source = document("".join(term.source for term in TERMS) + "木雕")
    page = opened(hand_out(document("x"), market, source, name="x.srt"))
    said = [term.source for term in TERMS] + ["木雕"]
    order = page.run("cues[0].terms.map((n) => data.terms[n].source)")
    assert order == said
    by_source = {term.source: term for term in TERMS}
    terms = [by_source[name] for name in order]

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), max_size=40)
    )  # fmt: skip
    def agree(strings: list[str]) -> None:
        ours = [
            [
                [span is not None for span in located(terms, text, "en")],
                [text[slice(*span)] for _, span in violations(terms, text, "en")],
            ]
            for text in strings
        ]
        assert ours == page.run(
            f"((all) => {json.dumps(strings)}.map((t) => "
            "[located(all, t), violations(all, t).map((v) => v[1])])"
            ")(cues[0].terms.map((n) => data.terms[n]))"
        )

    agree()


@pytest.mark.parametrize("code", ["ar", "th-TH"])
def test_the_terms_of_every_script_are_found_in_the_browser(
    opened: Open, root: Path, code: str
) -> None:
    folder = root / "tests" / "cases" / "check"
    files = folder / f"{code}.srt", folder / f"{code}.zh-Hans.srt"
    target, source = (formats.read(path.read_bytes()) for path in files)
    handout = hand_out(target, load_market(code), source, name=files[0].name)
    page = opened(handout)
    ours = [
        [each.kept for each in cue.terms if each.term.action in ("translate", "keep")]
        for cue in handout.cues
    ]
    assert any(map(any, ours))
    assert page.run("cues.map((_, at) => termsKept(at))") == ours
    direction = page.run("views[0].text.dir + getComputedStyle(views[0].text).direction")
    assert direction == ("rtlrtl" if code == "ar" else "ltrltr")
    assert page.run("views[0].text.lang") == code


def test_the_page_speaks_chinese(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    assert _text(page, "#export") == "Export"
    page.click("#language")
    assert _text(page, "#export") == "导出"
    assert page.run("document.documentElement.lang") == "zh-Hans"
    assert page.run("views[1].chips.firstChild.textContent") == "缺术语"
    page.open(Path(page.run("location.pathname")))
    assert _text(page, "#done") == "已审 0 / 5"
    missing = page.run("Object.keys(WORDS.en).filter((key) => !(key in WORDS.zh))")
    assert missing == []


def test_a_browser_in_chinese_gets_chinese(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    agent = page.run("navigator.userAgent")
    page.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage="zh-CN")
    page.open(Path(page.run("location.pathname")))
    assert _text(page, "#export") == "导出"


def test_findings_are_named_in_chinese_or_at_least_plainly(opened: Open, handout: Handout) -> None:
    page = opened(handout)
    assert page.run("Array.from(LIVE).filter((code) => !KINDS[code])") == []
    page.click("#language")
    assert page.run("[kindOf('line-length'), kindOf('some-new-check')]") == [
        "行太长", "some new check",
    ]  # fmt: skip


def test_the_video_plays_beside_with_the_cue_drawn_over_it(
    opened: Open, handout: Handout, ffmpeg: str, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.webm"
    subprocess.run(
        [ffmpeg, "-v", "error", "-f", "lavfi", "-i", "color=c=navy:s=160x90:r=5:d=14",
         "-c:v", "libvpx", "-g", "5", clip], check=True,
    )  # fmt: skip
    page = opened(handout)
    page.choose("#media", clip)
    page.until("playable() && !$('video').seeking")
    assert _text(page, "#overlay") == "This is tie-dye (Bai craft)."
    page.run("select(3)")
    page.until("Math.abs($('video').currentTime - 7.5) < 0.1 && !$('video').seeking")
    assert _text(page, "#overlay") == "Grandma is here."
    assert page.run("$('overlay').firstChild.tagName") == "I"
    page.click("article[data-at='4'] [data-do=seek]")
    page.until("current === 4 && $('video').currentTime > 10")
    page.run("$('video').pause(); $('video').currentTime = 4.7")
    page.until("$('overlay').textContent === ''")
    page.run("select(0); $('video').currentTime = 2.4; $('video').play()")
    page.until("current === 1")


def test_data_cannot_leave_its_script(hostile: Handout) -> None:
    page = compose_page(hostile)
    block = page.split('id="data">')[1].split("</script>")[0]
    assert json.loads(block) == json.loads(json.dumps(page_data(hostile)))
    assert "<" not in block
    assert "\u2028" not in block
