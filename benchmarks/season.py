"""A made-up season of any length, the same for the same figures: many different short lines.

    uv run python -m benchmarks.season --episodes 2 --cues 800 -o season

Writes `E01.zh-Hans.srt` … and a `names.csv`. About one cue in eight holds a term of the
table or of the market packs. No line comes twice, unless a share of repeats is asked for:
drama is full of 好的 and 谢谢, and how full differs from show to show.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SLOTS = {
    "who": "我 你 他 她 我们 你们 他们 我妈 我爸 老板 医生 邻居 司机 同学 房东 孩子".split(),
    "one": "我妈 我哥 我姐 那个人 新来的 老板 医生 邻居 司机 老同学 房东 律师 记者".split(),
    "when": "今天 昨天 明天 早上 晚上 刚才 上个月 去年 周末 前天 后天 下午 中午 夜里".split(),
    "where": "医院 学校 车站 公司 楼下 门口 河边 市场 厨房 银行 机场 餐厅 办公室 路口".split(),
    "what": "钥匙 手机 合同 照片 雨伞 箱子 药 票 钱包 电脑 信 衣服 杯子 帽子 地图".split(),
    "do": "吃饭 睡觉 回家 上班 开会 买菜 看病 打电话 道歉 搬家 结婚 出差 喝茶 还钱".split(),
    "how": "很累 很忙 不对 奇怪 不错 太晚 挺好 危险 简单 麻烦 有意思 不舒服 可惜".split(),
    "n": "两 三 四 五 六 七 八 九 十 十二 十五 二十 三十".split(),
    "unit": "天 年 个月 个小时 分钟 个星期".split(),
    "name": "沈砚 顾晚晴 周牧 陆远 许知夏 韩叔 乔姨 方警官".split(),
    "place": "青石巷 望江楼 海州 临安里".split(),
    "term": "扎染 木雕 乳扇 火把节 唢呐 太极 旗袍 中秋节".split(),
}

LINES = """
{who}{when}没去{where} | {what}放在{where}了 | {when}{who}想{do} | {who}什么时候{do} | 这件事{how}
{one}在{where}等了{n}{unit} | 别跟{one}说{what}的事 | {who}觉得{how}吗 | {one}说{when}要{do}
把{what}给我 {when}还你 | {who}怎么知道{one}在{where} | {when}的{what}是谁的 | 再等{n}{unit}就{do}
{one}已经走了{n}{unit}了 | 我在{where}看见{one}了 | {what}丢了 {when}才发现 | {who}不能{when}{do}
为什么{one}不肯{do} | 你先{do} {what}我来拿 | {where}离这里{n}公里 | {who}从{where}回来就{how}
{when}下雨 {what}别忘了 | {one}的{what}坏了 | 要是{who}{when}来 就去{where} | 听说{one}要{do}了
{n}{unit}前{who}还在{where} | {one}没有{what}怎么{do} | 我不信{who}会{when}{do} | {one}没{do}
快点 {one}在{where}呢 | {what}多少钱 {n}块 | {who}最怕{when}{do} | 其实{one}{how} | {who}也要{do}吗
只有{one}知道{what}在{where} | 你{when}为什么不{do} | 等{one}{do}了再说 | 我找{what}找了{n}{unit}
""".replace("\n", "|")

TERM_LINES = """
{name}{when}去了{where} | {name} 你的{what}呢 | {when}{name}说{how} | {who}跟{name}去{where}{do}
{name}在{place}等{who} | {place}的{what}{how} | {who}{when}到{place} | {one}在{place}住了{n}{unit}
{one}学了{n}{unit}{term} | {when}有{term} | {term}{how} | {name}不懂{term} | {who}在{place}看{term}
""".replace("\n", "|")

REPEATED = "好的 谢谢 是吗 没事 怎么了 走吧 对不起 知道了 不是 等一下 真的吗 好 对 行 没有".split()

NAMES = """source,target,kind
沈砚,Shen Yan,name
顾晚晴,Gu Wanqing,name
周牧,Zhou Mu,name
陆远,Lu Yuan,name
许知夏,Xu Zhixia,name
韩叔,Uncle Han,name
乔姨,Auntie Qiao,name
方警官,Officer Fang,name
青石巷,Bluestone Lane,place
望江楼,Riverview House,place
海州,Haizhou,place
临安里,Lin'an Terrace,place
"""

_TERM_SHARE = 0.125


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """How much to make; `repeats` is the share of cues that say what others say."""

    episodes: int = 20
    cues: int = 800
    repeats: float = 0.0
    seed: int = 7


def lines(season: Season) -> Iterator[list[str]]:
    """Make the texts of each episode."""
    rng = random.Random(season.seed)  # noqa: S311  # a repeatable choice, not a secret
    plain, with_terms = (
        [line.strip() for line in listed.split("|") if line.strip()]
        for listed in (LINES, TERM_LINES)
    )
    said: set[str] = set()
    for _ in range(season.episodes):
        episode: list[str] = []
        while len(episode) < season.cues:
            if rng.random() < season.repeats:
                episode.append(rng.choice(REPEATED))
                continue
            line = rng.choice(with_terms if rng.random() < _TERM_SHARE else plain)
            text = line.format(**{slot: rng.choice(words) for slot, words in SLOTS.items()})
            if text not in said:
                said.add(text)
                episode.append(text)
        yield episode


def write(season: Season, folder: Path) -> None:
    """Write the season as a show's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dramaloc.toml").write_text("", encoding="utf-8")
    (folder / "names.csv").write_text(NAMES, encoding="utf-8")
    for number, episode in enumerate(lines(season), start=1):
        cues = [
            f"{at + 1}\n{_time(3000 * at)} --> {_time(3000 * at + 2400)}\n{text}\n"
            for at, text in enumerate(episode)
        ]
        path = folder / f"E{number:02}.zh-Hans.srt"
        path.write_text("\n".join(cues) + "\n", encoding="utf-8")


def _time(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--cues", type=int, default=800)
    parser.add_argument("--repeats", type=float, default=0.0)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    write(Season(episodes=given.episodes, cues=given.cues, repeats=given.repeats), given.output)
