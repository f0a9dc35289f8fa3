import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dramaloc import documents
from dramaloc.cli import main
from dramaloc.errors import InputError
from dramaloc.glossary.term import Glossary, Term
from dramaloc.marketing.copy import KINDS, settled
from dramaloc.marketing.field import Kind, Wanted, sentences
from dramaloc.marketing.markdown import decoded, encoded
from dramaloc.marketing.table import TABLE
from dramaloc.marketing.tree import TREE
from dramaloc.subtitles.document import Cue, Document

MD = """---
show: 蓝院
---
# 蓝院 #

**扎染** 和 [官网](https://example.org/蓝院 "蓝院")，看 `代码` 吧。走！

```python
print("代码")
```
> - [x] 列表项 · 大理
1. 第一

| 列 | 值 |
|:---|---|
| 名字 | 林夏 |

[ref]: https://example.org/中文
<div>网页</div>
<!-- 注释
仍是注释 -->
    缩进的代码

***
末行"""
CSV = '标题,"简介, 长",n\r\n蓝院,"他说""走""。\n来了！",1\r\n,,\r\n"单独",2024,x;y\r\n'
JSON = '{"show": "蓝院",\n "cast": [{"名": "\\u6797夏", "n": 1.5}, ["段\\"青山", null]], "e": ""}'


def read(text: str, name: str, **wanted: object) -> Document:
    rules = {"*": Wanted(**wanted)}  # type: ignore[arg-type]
    return documents.read(text.encode(), name, wanted=rules)


def texts(document: Document) -> list[str]:
    return [cue.text for cue in document.cues]


def rewritten(document: Document, language: str = "en") -> str:
    """Write a document with every sentence in brackets."""
    cues = tuple(
        Cue(start_ms=0, end_ms=0, text=f"<<{cue.text}>>", settings=cue.settings)
        for cue in document.cues
    )
    new = Document(
        cues=cues, format=document.format, header=document.header, language=language, timed=False
    )
    return documents.write(new).decode()


@pytest.mark.parametrize(("text", "name"), [(MD, "a.md"), (CSV, "a.csv"), (JSON, "a.json")])
def test_what_is_not_translated_stays(text: str, name: str) -> None:
    document = read(text, name)
    assert documents.write(document).decode() == text
    for cue in document.cues:
        assert cue.text


def test_markdown_fields() -> None:
    document = read(MD, "a.md")
    assert texts(document) == [
        "蓝院",
        (
            '<span **>扎染</span **> 和 <span [>官网</span ](https://example.org/蓝院 "蓝院")>，'
            "看 <c `代码`> 吧。"
        ),
        "走！",
        "列表项",
        "大理",
        "第一",
        "列",
        "值",
        "名字",
        "林夏",
        "末行",
    ]
    assert [cue.line for cue in document.cues][:3] == [4, 6, 6]
    assert {cue.name for cue in document.cues} == {"蓝院"}
    assert rewritten(document).count("<<") == len(document.cues)
    assert "吧。>> <<走！>>" in rewritten(document)
    assert "吧。>><<走！>>" in rewritten(document, "ja")


@given(st.text("*_~[]()!`a好 <>/\"'\\&;h:t.", max_size=30))
def test_marks_come_back_as_they_were(raw: str) -> None:
    assert encoded("", decoded(raw)) == raw or "<span " in raw or "<c " in raw


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@given(text=st.text("好走，。!?\"',;\t\r\n#*|{}[]:\\x1. -", max_size=60))
def test_any_text_is_refused_or_kept(kind: Kind, text: str) -> None:
    name = f"a{kind.suffixes[0]}"
    try:
        document = read(text, name)
    except InputError:
        assert kind in (TABLE, TREE)
        return
    assert documents.write(document).decode() == text


@given(st.recursive(
    st.none() | st.integers() | st.text('好a"\\\n\u2028', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a好.", max_size=2), inner),
    max_leaves=8,
))  # fmt: skip
def test_json_keeps_its_structure(value: object) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=2)):
        document = read(text, "a.json")
        assert documents.write(document).decode() == text
        assert json.loads(rewritten(document).replace("<<", "").replace(">>", "")) == value


def test_csv_columns_and_quotes() -> None:
    document = read(CSV, "a.csv", fields=("简介*",))
    assert texts(document) == ['他说"走"。', "来了！"]
    assert {cue.name for cue in document.cues} == {"简介, 长"}
    assert [cue.line for cue in document.cues] == [2, 2]
    assert '"<<他说""走""。>>\n<<来了！>>"' in rewritten(document)
    plain = read("a\n好\n", "a.csv")
    assert rewritten(plain) == "a\n<<好>>\n"
    comma = Document(
        cues=(Cue(start_ms=0, end_ms=0, text="well, yes", settings="2:3"),),
        format="csv", header="a\n好\n", timed=False,
    )  # fmt: skip
    assert documents.write(comma) == b'a\n"well, yes"\n'


@pytest.mark.parametrize(
    ("name", "text", "wanted", "message"),
    [
        ("a.csv", 'a,b\n1,"好', {}, "quote that does not fit"),
        ("a.csv", 'a,b\n1,"好"x\n', {}, "quote that does not fit"),
        ("a.csv", "a,b\n好,好\n", {"fields": ("c",)}, "no field is called 'c'"),
        ("a.json", '{"a": "好"', {}, "not valid JSON"),
        ("a.json", "[" * 100_000, {}, "nested too deeply"),
        ("a.json", '{"a": "好"}', {"fields": ("b.*",)}, "no field is called"),
        ("a.md", "好", {"fields": ("标题",)}, "no field is called '标题'"),
    ],
)
def test_what_is_wrong_is_said(
    name: str, text: str, wanted: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(text, name, **wanted)


def test_json_paths() -> None:
    document = read(JSON, "a.json")
    assert [(cue.name, cue.text) for cue in document.cues] == [
        ("show", "蓝院"),
        ("cast.0.名", "林夏"),
        ("cast.1.0", '段"青山'),
    ]
    assert texts(read(JSON, "a.json", fields=("cast.0.*",))) == ["林夏"]


def test_sentences_part_where_people_stop() -> None:
    said = "他说：“走！”然后走了……真的？！好 · 再见"
    parts = list(sentences(said))
    assert "".join(words + gap for words, gap in parts) == said
    assert [words for words, _ in parts] == ["他说：“走！”", "然后走了……", "真的？！", "好", "再见"]


def test_titles_and_names_are_what_the_table_says() -> None:
    terms = Glossary((
        Term(source="蓝院", target="The Indigo House"),
        Term(source="扎染", target="tie-dye"),
    ))  # fmt: skip
    before = ("蓝院", "真的<span **>扎染</span **>", "走", "走。", "<span *>走</span *>吧")
    after = (
        "the indigo house.", "<span **>Real</span **> tie-dye.", "Go.", "Go.",
        "Let's <span *>go</span *>.",
    )  # fmt: skip
    source, target = (
        Document(cues=tuple(Cue(start_ms=0, end_ms=0, text=text) for text in side), timed=False)
        for side in (before, after)
    )
    assert texts(settled(source, target, terms)) == [
        "The Indigo House",
        "Real <span **>tie-dye</span **>",
        "Go",
        "Go.",
        "Let's <span *>go</span *>",
    ]


@pytest.fixture
def show(tmp_path: Path) -> Path:
    (tmp_path / "dramaloc.toml").write_text(
        '[copy."titles.csv"]\nfields = ["title"]\nlimits = { title = 3 }\n'
        '[copy."*.md"]\nlimits = { "微博" = 4 }\n',
        encoding="utf-8",
    )
    (tmp_path / "titles.zh-Hans.csv").write_text("title,who\n蓝色的院子,编辑\n", encoding="utf-8")
    (tmp_path / "posts.zh-Hans.md").write_text("# 微博\n头发干了，走。\n", encoding="utf-8")
    return tmp_path


def test_localize_and_check_copy(show: Path) -> None:
    files = [str(show / name) for name in ("titles.zh-Hans.csv", "posts.zh-Hans.md")]
    out = show / "out"
    run = CliRunner().invoke(
        main, ["localize", *files, "-m", "zh-Hant-TW", "-o", str(out), "--format", "json"]
    )
    assert run.exit_code == 0, run.output
    titles = (out / "titles.zh-Hant-TW.csv").read_text(encoding="utf-8")
    assert titles == "title,who\n藍色的院子,编辑\n"
    posts = (out / "posts.zh-Hant-TW.md").read_text(encoding="utf-8")
    assert posts == "# 微博\n頭髮乾了，走。\n"  # a comma is a space in subtitles only
    (out / "dramaloc.toml").write_bytes((show / "dramaloc.toml").read_bytes())
    found = CliRunner().invoke(
        main,
        ["check", str(out / "titles.zh-Hant-TW.csv"), "-m", "zh-Hant-TW", "--source", files[0]],
    )
    assert found.exit_code == 1
    assert "title holds 5 characters where 3 fit" in found.output.replace("\n", " ")
    assert "in-time" not in found.output


def test_fields_may_be_named_on_the_command_line(show: Path) -> None:
    path = str(show / "titles.zh-Hans.csv")
    echo = ["-m", "en-US", "-o", str(show / "out"), "--engine", "echo"]
    run = CliRunner().invoke(main, ["localize", path, *echo, "--field", "nobody"])
    assert run.exit_code != 0
    assert "no field is called 'nobody'" in run.output
    run = CliRunner().invoke(main, ["localize", path, *echo, "--field", "who"])
    assert run.exit_code == 0, run.output


def test_a_label_ends_and_begins_like_one() -> None:
    glossary = Glossary((Term(source="女主角", target="female lead"),))
    link = "<span [>官网</span ](https://example.org/a)>"
    source = read("女主角\n", "a.md")
    cues = (replace(source.cues[0], text="女主角"), replace(source.cues[0], text=link))
    said = ("the lead.", "<span [>Official site.</span ](https://example.org/a)>")
    target = replace(
        source,
        cues=tuple(replace(cue, text=text) for cue, text in zip(cues, said, strict=True)),
    )
    assert texts(settled(replace(source, cues=cues), target, glossary)) == [
        "Female lead",
        "<span [>Official site</span ](https://example.org/a)>",
    ]


def test_a_capital_is_the_languages_own_and_what_is_kept_stays() -> None:
    glossary = Glossary(
        (Term(source="丝绸", target="ipek"), Term(source="b站", target="", action="keep"))
    )
    source = read("丝绸\n\nb站\n", "a.md")
    turkish = replace(source, language="tr-TR")
    assert texts(settled(source, turkish, glossary)) == ["İpek", "b站"]
