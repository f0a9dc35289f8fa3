"""Variants of a pair. Every function is pure: randomness comes in as a `random.Random`."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from training.pairs import Pair
from training.terms import Aligned, Syllables, Term

PLACEHOLDERS = tuple(f"⟦{number}⟧" for number in range(8))
MAX_TERMS = 3

Rewrite = Callable[[Term], tuple[str, str]]


def substitute(aligned: Aligned, new: Mapping[Term, tuple[str, str]]) -> Pair:
    """Put new text where terms stood, and mend what English grammar asks for around it."""
    pair = aligned.pair
    source, target = pair.source, pair.target
    for term in sorted(new, key=lambda term: -term.start):
        source = source[: term.start] + new[term][0] + source[term.end :]
    for term in sorted(new, key=lambda term: -term.target_start):
        before = _agree(target[: term.target_start], new[term][1])
        target = before + new[term][1] + target[term.target_end :]
    target = target[:1].upper() + target[1:]
    return replace(pair, source=" ".join(source.split()), target=target)


def _agree(before: str, word: str) -> str:
    """``a``/``an`` before a new word; a placeholder leaves it as it was."""
    match = re.search(r"\b(a|A)n? $", before)
    if not match or not word[:1].isalpha():
        return before
    article = match.group(1) + ("n" if word[0].lower() in "aeiou" else "")
    return f"{before[: match.start()]}{article} "


def choose(terms: Sequence[Term], rng: Random, most: int = MAX_TERMS) -> list[Term]:
    """One to ``most`` terms; all of them as often as fewer, so that two and three are not rare."""
    most = min(most, len(terms))
    count = most if rng.random() < 0.5 else rng.randint(1, most)
    return rng.sample(list(terms), count)


def with_article(pair: Pair, term: Term, rng: Random) -> Term:
    """Sometimes take the article along: a glossary says ``the Palace Museum`` or only the noun."""
    before = pair.target[: term.target_start]
    match = re.search(r"\b(?:the|a|an|The|A|An) $", before)
    if match and rng.random() < 0.4:
        return replace(term, target_start=match.start())
    return term


def mark(aligned: Aligned, rng: Random, ids: Iterator[str]) -> Pair:
    """Put placeholders where terms stood: the product's own way to require a rendering."""
    terms = [with_article(aligned.pair, t, rng) for t in choose(aligned.terms, rng)]
    found = {term: (name, name) for term, name in zip(terms, ids, strict=False)}
    return substitute(aligned, found)


def shuffled_placeholders(rng: Random) -> Iterator[str]:
    """The eight placeholders in random order: ids carry no meaning and leave gaps."""
    return iter(rng.sample(PLACEHOLDERS, len(PLACEHOLDERS)))


def inline(aligned: Aligned, rng: Random) -> Pair:
    """Write the English rendering into the Chinese, for the model to copy."""
    pair, new = aligned.pair, {}
    for term in choose(aligned.terms, rng, most=2):
        rendering = pair.target[term.target_start : term.target_end]
        if term.target_start == 0 and term.kind == "noun":
            rendering = rendering[:1].lower() + rendering[1:]
        new[term] = (f" {rendering} ", rendering)
    return substitute(aligned, new)


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
    "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万"
    "段雷钱汤尹黎易常武乔贺赖龚文柳温裴霍凌宁燕云江岳纪舒"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力健世广志义兴良海山仁波宁贵"
    "福生龙元全胜学祥才发武新利清飞彬富顺信子昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思"
    "群豪心邦承乐绍功松善厚庆民友裕河哲江浩亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽"
    "晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘嘉琼勤珍贞莉倩婷宜可姬舒影荔枝丝毓悦昭冰爽琬"
    "茗羽希欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚卿瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑雪荣爱妹"
    "念予暖临深沉砚舟阮知夏听雨青禾南北一凡小满云起长歌远近微遥落锦绣书墨"
)
_PLAIN_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z']+")


def spell_name(surname: str, given: Sequence[str]) -> str:
    """Write a name in pinyin, with the apostrophe that keeps syllables apart.

    >>> spell_name("song", ["yu", "an"])
    "Song Yu'an"
    """
    spelled = given[0] + "".join(("'" if s[0] in "aoe" else "") + s for s in given[1:])
    return f"{surname.capitalize()} {spelled.capitalize()}"


def new_name(rng: Random, syllables: Syllables) -> tuple[str, str]:
    """A name nobody bears in the corpus: spelling pinyin is learned, not names by heart."""
    surname = rng.choice(SURNAMES)
    given = "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2, 2))))
    return surname + given, spell_name(syllables(surname)[0], syllables(given))


def swap(
    aligned: Aligned, nouns: Sequence[tuple[str, str]], syllables: Syllables, rng: Random
) -> Pair:
    """Put other names and nouns where terms stood: rare words seen in running text.

    Nouns only where neither number nor article would have to change with them.
    """
    pair, new = aligned.pair, {}
    for term in choose(aligned.terms, rng):
        rendering = pair.target[term.target_start : term.target_end]
        chinese = pair.source[term.start : term.end]
        if term.kind == "name" and _PLAIN_NAME.fullmatch(rendering):
            spelled = "".join(syllables(chinese))
            if spelled == rendering.replace(" ", "").replace("'", "").lower():
                new[term] = new_name(rng, syllables)
        elif term.kind == "noun" and nouns and not _counted(pair, term):
            new[term] = rng.choice(nouns)
    return substitute(aligned, new)


def _counted(pair: Pair, term: Term) -> bool:
    """Whether the grammar around an English noun says how many: ``a lamp``, ``lamps``."""
    before = pair.target[: term.target_start].lower()
    return pair.target[term.target_end - 1] == "s" or bool(re.search(r"\ban? $", before))


_COMMAS = re.compile(r"[，、,;；]\s*")
_FULL_STOP = re.compile(r"[。.]$")


def restyle(source: str, rng: Random) -> str:
    """Change between prose punctuation and that of drama subtitles (spaces, no full stop).

    >>> restyle("走吧，天黑了。", Random(1))
    '走吧 天黑了'
    """
    draw = rng.random()
    if draw < 0.35:
        source = _FULL_STOP.sub("", _COMMAS.sub(" ", source).strip())
        # Fast subtitlers drop question marks too where a particle asks already.
        if rng.random() < 0.25 and source[-2:-1] in ("吗", "呢", "吧"):
            source = source.rstrip("?？")
    elif draw < 0.5:
        source = re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "，", source)
        if source and source[-1].isalnum():
            source += "。"
    return source


# Characters that scanners and fast typists take for one another.
_CONFUSED: Mapping[str, str] = dict(
    pair
    for group in ("己已", "未末", "人入", "土士", "日曰", "千干", "太大", "的得", "在再", "做作",
                  "他她", "那哪", "未末", "令今", "风凤", "问间", "侯候", "拔拨", "清请", "折拆")
    for pair in ((group[0], group[1]), (group[1], group[0]))
)  # fmt: skip


def noise(source: str, rng: Random) -> str:
    """One slip: a confused character, a lost one, or a doubled one."""
    slips = [at for at, character in enumerate(source) if character in _CONFUSED]
    if slips and rng.random() < 0.6:
        at = rng.choice(slips)
        return source[:at] + _CONFUSED[source[at]] + source[at + 1 :]
    places = [at for at, character in enumerate(source) if "一" <= character <= "鿿"]
    if len(places) < 5:
        return source
    at = rng.choice(places)
    return source[:at] + source[at] * rng.choice((0, 2)) + source[at + 1 :]


def join(pairs: Sequence[Pair], rng: Random) -> Pair:
    """Neighbouring cues as one example: the product joins cues into sentences."""
    between = rng.choice((" ", " ", "，"))
    if pairs[0].source[-1:] in "。！？!?.":
        between = ""
    return Pair(
        source=between.join(pair.source for pair in pairs),
        target=" ".join(pair.target for pair in pairs),
        origin=pairs[0].origin,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How often a line takes which form; what is left stays as it is."""

    mark: float = 0.18
    inline: float = 0.04
    swap: float = 0.12
    join: float = 0.12
    noise: float = 0.03


def vary(
    scene: Sequence[Aligned],
    shape: Shape,
    nouns: Sequence[tuple[str, str]],
    syllables: Syllables,
    rng: Random,
) -> Pair:
    """One training example from neighbouring lines: all in the same form, then joined."""
    draw, ids = rng.random(), shuffled_placeholders(rng)
    pairs = []
    for aligned in scene:
        if not aligned.terms or draw >= shape.mark + shape.inline + shape.swap:
            pairs.append(aligned.pair)
        elif draw < shape.mark:
            pairs.append(mark(aligned, rng, ids))
        elif draw < shape.mark + shape.inline:
            pairs.append(inline(aligned, rng))
        else:
            pairs.append(swap(aligned, nouns, syllables, rng))
    pair = join(pairs, rng) if len(pairs) > 1 else pairs[0]
    source = restyle(pair.source, rng)
    if rng.random() < shape.noise:
        source = noise(source, rng)
    return replace(pair, source=source) if source else pair


def unbroken(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Drop examples whose two sides do not hold the same placeholders once each."""
    for pair in pairs:
        sides = [re.findall(r"⟦\d⟧", text) for text in (pair.source, pair.target)]
        if sorted(sides[0]) == sorted(sides[1]) and len(set(sides[0])) == len(sides[0]):
            yield pair
