"""Names found in subtitles: how many of the sample show's, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from dramaloc.glossary.evidence import Line
from dramaloc.glossary.extract import extract
from dramaloc.glossary.recurring import recurring
from dramaloc.glossary.romanize import person, place, word
from dramaloc.glossary.tables import read_table
from dramaloc.subtitles.formats import read
from dramaloc.subtitles.inline import take_apart, words_of

NAMES = {"name", "place", "title", "organization"}

# Two scenes, a costume drama and one of today, written when the rules stood. The first run found
# 33 of 43; then the lists grew by what they lacked in general: surnames, 楼, 谷 and 府.
SCENES = """
沈清辞 你可知罪|臣女不知|[大梁 昭和十二年 长宁侯府]|萧景珩 你放开她|殿下 沈姑娘是冤枉的
顾大人 这案子归你管|三年前在雁门关|是谁下令撤的兵|青禾 去把药端来|小姐 药还烫着呢|裴将军回京了
裴远山 他还活着？|陆掌柜 这批货从扬州来|醉仙楼的酒 天下第一|陆掌柜可别吹牛|老周 备马|去落霞谷
我叫顾长风|顾长风 你挡我的路了|沈家的女儿 没有一个怕死|温如玉给太后请安|起来吧 如玉|景珩 你瘦了
阿蛮 别闹|《长安旧梦》第三集|苏晚晴 你被开除了|凭什么 李总|盛世集团不养闲人|晚晴姐 我陪你去
陈默 你也走？|我跟苏晚晴一起走|小陈 你想清楚|方律师说合同有问题|周阿姨 我回来了|晚晴啊 瘦了
江城的冬天真冷|咱们回云溪镇吧|好 回云溪镇|老宋 这车去不去云溪|宋师傅 麻烦您开慢点|赵一鸣 你给我站住
一鸣是我弟弟|何医生 孩子怎么样|高烧退了 没事|小何 去拿片子|欧阳雪 你闹够了没有
夏薇薇昨天住进了仁和医院|谢谢 方便面就行|许多人都去了|马上到 路上堵车|张口就来 你信吗
王妃 王爷请您过去|时候不早了|高兴什么|任何人不得入内
"""
IN_SCENES = set(
    """沈清辞 萧景珩 沈姑娘 顾大人 雁门关 青禾 裴将军 裴远山 陆掌柜 扬州 醉仙楼 老周 落霞谷 顾长风
    沈家 温如玉 如玉 景珩 阿蛮 长安旧梦 苏晚晴 李总 盛世集团 晚晴姐 晚晴 陈默 小陈 方律师 周阿姨
    江城 云溪镇 老宋 宋师傅 赵一鸣 一鸣 何医生 小何 欧阳雪 夏薇薇 仁和医院 大梁 长宁侯府
    云溪""".split()
)


def _lines(*texts: str) -> list[Line]:
    return [
        Line(text=text.strip("[]"), caption=text.startswith("[")) for text in texts if text.strip()
    ]


def _found(*texts: str) -> dict[str, str]:
    return {each.source: each.kind for each in extract(_lines(*texts))}


@pytest.fixture(scope="module")
def show(samples: Path) -> list[Line]:
    return [
        Line(text=words_of(utterance), caption=utterance.caption)
        for path in sorted(samples.glob("*.zh-Hans.srt"))
        for cue in read(path.read_bytes()).cues
        for utterance in take_apart(cue.text)
    ]


def test_the_sample_shows_names_are_found(samples: Path, show: list[Line]) -> None:
    wanted = {term.source for term in read_table(samples / "names.csv") if term.kind in NAMES}
    found = {each.source for each in extract(show)}
    assert len(wanted) > 30
    assert len(wanted & found) / len(wanted) >= 0.9, wanted - found
    assert len(wanted & found) / len(found) >= 0.8, found - wanted


def test_names_of_other_scenes() -> None:
    found = set(_found(*SCENES.replace("\n", "|").split("|")))
    assert len(IN_SCENES & found) / len(IN_SCENES) >= 0.8, IN_SCENES - found
    assert len(IN_SCENES & found) / len(found) >= 0.85, found - IN_SCENES


@pytest.mark.parametrize(
    ("text", "source", "kind", "target"),
    [
        ("我叫周明远", "周明远", "name", "Zhou Mingyuan"),
        ("欧阳雪 你来了", "欧阳雪", "name", "Ouyang Xue"),
        ("老宋 开门", "老宋", "name", "Old Song"),
        ("小陈 过来", "小陈", "name", "Xiao Chen"),
        ("阿蛮你听我说", "阿蛮", "name", "Ah Man"),
        ("赵总说了算", "赵总", "name", "Mr. Zhao"),
        ("孟奶奶 您坐", "孟奶奶", "name", "Granny Meng"),
        ("我们从沙溪镇来", "沙溪镇", "place", "Shaxizhen"),
        ("他去新疆了", "新疆", "place", "Xinjiang"),
        ("《长安旧梦》第三集", "长安旧梦", "title", "Chang'anjiumeng"),
        ("我在鼎盛集团上班", "鼎盛集团", "organization", "Dingsheng Jituan"),
    ],
)
def test_each_way_a_name_shows(text: str, source: str, kind: str, target: str) -> None:
    found = {each.source: each for each in extract(_lines(text))}
    assert (found[source].kind, found[source].target) == (kind, target)


def test_a_given_name_is_known_by_the_full_one() -> None:
    assert "明远" not in _found("明远回来了吗")
    found = _found("我叫周明远", "明远 你听我说", "明远哥 等等我")
    assert {"周明远", "明远", "明远哥"} <= found.keys()


@pytest.mark.parametrize(
    "text",
    [
        "高兴什么 马上到了",
        "他总是这么说",
        "老板 来碗面",
        "小心点 小声点",
        "阿姨好",
        "上山下海都不怕",
        "大家都在家里",
        "方便的话 时候不早了",
        "Hello 123 …… ！",
        "",
    ],
)
def test_everyday_words_are_no_names(text: str) -> None:
    assert _found(text) == {}


def test_what_is_known_is_left_out_and_the_rest_comes_by_evidence() -> None:
    lines = _lines("周明远 你来", "赵一鸣 你来", "一鸣 赵一鸣 别走", "周明远")
    names = [each.source for each in extract(lines, known={"周明远"})]
    assert "周明远" not in names
    assert names == ["一鸣", "赵一鸣"]
    counted = {each.source: each.count for each in extract(lines)}
    assert (counted["周明远"], counted["一鸣"]) == (2, 3)
    assert extract(lines) == extract(iter(lines))


def test_words_that_recur_on_their_own() -> None:
    texts = ["染缸坏了", "去看染缸", "这染缸好", "那口染缸呢", "染缸", "你好吗", "我好了", "他看花"]
    (found,) = recurring(_lines(*texts))
    assert (found.source, found.kind, found.count, found.target) == ("染缸", "vocabulary", 5, "")
    assert recurring(_lines(*texts), known={"染缸"}) == ()
    assert recurring(_lines(*texts), at_least=6) == ()
    assert recurring([]) == ()


def test_the_shows_words_keep_together(show: list[Line]) -> None:
    assert {"染缸", "乳扇"} <= {each.source for each in recurring(show)}


def test_a_long_text_without_pauses_takes_no_long_time() -> None:
    (line,) = _lines("李王张" * 5000)
    assert isinstance(extract([line]), tuple)


def test_pinyin_of_names() -> None:
    assert person("单", "晓安") == "Shan Xiao'an"
    assert person("吕") == "Lü"
    assert person("尉迟", "恭") == "Yuchi Gong"
    assert (word("西安"), word("青山"), word("")) == ("Xi'an", "Qingshan", "")
    assert (place("陕西"), place("双廊")) == ("Shaanxi", "Shuanglang")
