"""Names and terms that a show will need a table for, found in its subtitles.

Subtitles are too few for statistics alone, so each rule knows one way in which Chinese shows
that something is a name: a surname and what follows it, a form of address, a place with 从 or 在
before it, 《a title》. A rule gives points for what speaks for a reading, and takes some where an
everyday word runs across its edge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from dramaloc.glossary import romanize
from dramaloc.glossary.evidence import (
    HAN,
    LEFT,
    NEVER,
    NUMBERS,
    Candidate,
    Corpus,
    Line,
    Stretch,
    corpus_of,
)
from dramaloc.glossary.wordlists import WordLists

_TITLE = re.compile(r"《([^《》]{1,20})》")

_INTRODUCING = ("叫", "我是", "名叫", "姓")
_TOWARDS = frozenset("从到在去回往离住飞进出过至")
_TOWNS = frozenset("省市县镇乡村寨城州洲岛")
_LANDMARKS = frozenset("山岭峰江河湖海川溪湾港关桥街巷廊园庙寺观塔洞谷坡庄堡泉潭楼阁殿宫府苑")
_COMMON_PLACES = frozenset("大小新老古高深前后上下东西南北本外内全满旧远近出进空整城乡")

_NAME = 4.5
_ADDRESS = 4.0
_PLACE = 2.0
_SHORT = 2
_LONGEST_NAME = 4  # of a firm or an inn, before its ending


def extract(lines: Iterable[Line], known: Collection[str] = ()) -> tuple[Candidate, ...]:
    """Propose names, places, organizations and titles, those with most evidence first.

    `known` are sources that other tables have already.
    """
    corpus = corpus_of(lines)
    full = _best(_full_names(corpus))
    named = replace(corpus, names={source: _surname(source, corpus.lists) for source in full})
    found = _best([*full.values(), *(each for rule in _RULES for each in rule(named))])
    counted = (replace(each, count=max(1, corpus.count(each.source))) for each in found.values())
    return tuple(
        sorted(
            (each for each in counted if each.source not in known),
            key=lambda each: (-each.score - math.log2(each.count), each.source),
        )
    )


def _best(found: Iterable[Candidate]) -> dict[str, Candidate]:
    best: dict[str, Candidate] = {}
    for each in found:
        if each.source not in best or each.score > best[each.source].score:
            best[each.source] = each
    return best


def _surname(name: str, lists: WordLists) -> str:
    return name[:2] if name[:2] in lists.surnames else name[0]


def _surname_at(run: str, at: int, lists: WordLists) -> str | None:
    for length in (2, 1):
        surname = run[at : at + length]
        if len(surname) == length and surname in lists.surnames:
            return surname
    return None


def _full_names(corpus: Corpus) -> Iterator[Candidate]:
    """Surname and one or two characters more: 段青山, 林夏."""
    for run in corpus.runs:
        text, caption = run.text, run.caption
        for at in range(len(run.text)):
            surname = _surname_at(run.text, at, corpus.lists)
            if surname is None or _title_at(run.text, at + len(surname), corpus.lists):
                continue
            readings = [
                each
                for length in (2, 1)
                if (each := _full_name(text, at, surname, length, corpus.lists, caption=caption))
            ]
            if readings:
                yield readings[0]


def _full_name(
    run: str, at: int, surname: str, length: int, lists: WordLists, *, caption: bool
) -> Candidate | None:
    end = at + len(surname) + length
    if end > len(run):
        return None
    place = Stretch(run=run, start=at, end=end, lists=lists)
    given = place.text[len(surname) :]
    first = run[at : at + len(surname) + 1]
    if NEVER & set(given) or place.text in lists.everyday or first in lists.everyday:
        return None
    if place.cut_on_the_left and len(surname) == 1:
        return None
    if given[1:] in lists.after:  # 林夏姐 is 林夏 with a form of address
        return None
    likely = sum(char in lists.given for char in given)
    sign = caption and place.text[-1] in _TOWNS | _LANDMARKS  # [周城] is where they are
    points = place.edges - (2 if place.cut_on_the_right else 0)
    points += 3 if place.alone and not sign else 0
    points += {(1, 1): 1.0, (2, 2): 2.0, (2, 1): 0.5}.get((length, likely), 0.0)
    points += 1 if surname not in lists.everyday_surnames else 0
    points += 2 if run.endswith(_INTRODUCING, 0, at) else 0
    points += 0.5 if at == 0 else 0
    plain = surname in lists.everyday_surnames or not place.alone
    if points < _NAME or (likely == 0 and plain):
        return None
    target = romanize.person(surname, given)
    return Candidate(source=place.text, kind="name", score=points, target=target)


def _title_at(run: str, at: int, lists: WordLists) -> str | None:
    """Return the form of address that stands at a place, the longest there is."""
    for length in (3, 2, 1):
        if len(word := run[at : at + length]) == length and word in lists.after:
            return word
    return None


def _given_names(corpus: Corpus) -> Iterator[Candidate]:
    """The given name of someone whose full name stands elsewhere: 志远."""
    for name, surname in corpus.names.items():
        given = name[len(surname) :]
        if len(given) < _SHORT:
            continue
        for place in _occurrences(given, corpus):
            if place.before == surname[-1] or place.cut_on_the_left or place.cut_on_the_right:
                continue
            points = place.edges + (3 if place.alone else 0)
            if points >= (_ADDRESS if given in corpus.lists.everyday else 2):
                target = romanize.word(given)
                yield Candidate(source=given, kind="name", score=3 + points, target=target)


def _occurrences(text: str, corpus: Corpus) -> Iterator[Stretch]:
    for run in corpus.runs:
        at = run.text.find(text)
        while at >= 0:
            yield Stretch(run=run.text, start=at, end=at + len(text), lists=corpus.lists)
            at = run.text.find(text, at + 1)


def _addressed_after(corpus: Corpus) -> Iterator[Candidate]:
    """A surname or a given name with a form of address behind it: 王总, 秀莲姐."""
    lists = corpus.lists
    given = {name[len(surname) :] for name, surname in corpus.names.items()}
    for run in corpus.runs:
        for at in range(1, len(run.text)):
            title = _title_at(run.text, at, lists)
            if title is None:
                continue
            for length in (2, 1):
                who = run.text[max(0, at - length) : at]
                if len(who) == length and (who in lists.surnames or who in given):
                    place = Stretch(
                        run=run.text, start=at - length, end=at + len(title), lists=lists
                    )
                    points = _address_points(place, who, title)
                    if points >= _ADDRESS and place.text not in lists.everyday:
                        said = romanize.word(who) if who in given else romanize.person(who)
                        target = lists.after[title].format(said)
                        yield Candidate(source=place.text, kind="name", score=points, target=target)
                    break


def _address_points(place: Stretch, who: str, title: str) -> float:
    if place.cut_on_the_left:
        return 0.0
    points = 2.0 + place.edges
    points += 1 if len(title) > 1 else 0
    points += 1 if len(who) > 1 or who not in place.lists.everyday_surnames else 0
    points += 1 if place.alone else 0
    return points - (2 if len(title) == 1 and place.cut_on_the_right else 0)


def _addressed_before(corpus: Corpus) -> Iterator[Candidate]:
    """老段, 小杨, 阿福; nicknames after 小 only where someone is called by them: 小木头."""
    for run in corpus.runs:
        for at, prefix in enumerate(run.text):
            if prefix not in corpus.lists.before:
                continue
            for length in (1, 2):
                place = Stretch(run=run.text, start=at, end=at + 1 + length, lists=corpus.lists)
                name = run.text[at + 1 : place.end]
                if len(name) == length and (points := _familiar_points(place, name)) >= _ADDRESS:
                    said = romanize.person(name) if length == 1 else romanize.word(name)
                    target = corpus.lists.before[prefix].format(said)
                    yield Candidate(source=place.text, kind="name", score=points, target=target)


def _familiar_points(place: Stretch, name: str) -> float:
    lists = place.lists
    prefix = place.text[0]
    if NEVER & set(name) or place.text in lists.everyday or place.text[:2] in lists.everyday:
        return 0.0
    if place.cut_on_the_left or (len(name) > 1 and not place.alone):
        return 0.0
    points = 2.0 + place.edges + (2 if place.alone else 0)
    if name in lists.surnames:
        points += 1 if name not in lists.everyday_surnames else 0
    elif prefix == "老" or (prefix == "小" and not place.alone):
        return 0.0
    points += 2 if prefix == "阿" else 0
    return points - (3 if place.cut_on_the_right else 0)


def _known_places(corpus: Corpus) -> Iterator[Candidate]:
    """Provinces and cities, from a list."""
    for run in corpus.runs:
        for at in range(len(run.text)):
            for length in (4, 3, 2):
                place = Stretch(run=run.text, start=at, end=at + length, lists=corpus.lists)
                if len(place.text) == length and place.text in corpus.lists.places:
                    if not place.cut_on_the_left and (length > _SHORT or place.edges):
                        target = romanize.place(place.text)
                        yield Candidate(
                            source=place.text, kind="place", score=4 + place.edges, target=target
                        )
                    break


def _places(corpus: Corpus) -> Iterator[Candidate]:
    """Towns and landmarks by their last character, where the sentence goes there: 从剑川."""
    for run in corpus.runs:
        for end in range(2, len(run.text) + 1):
            if run.text[end - 1] not in _TOWNS | _LANDMARKS:
                continue
            for length in (3, 2):
                if length > end:
                    continue
                place = Stretch(run=run.text, start=end - length, end=end, lists=corpus.lists)
                points = _place_points(place, caption=run.caption)
                if points >= _PLACE:
                    target = romanize.place(place.text)
                    yield Candidate(source=place.text, kind="place", score=points, target=target)
                    break


def _place_points(place: Stretch, *, caption: bool) -> float:
    body = place.text[:-1]
    lists = place.lists
    wrong = (NEVER | NUMBERS | _TOWARDS | _COMMON_PLACES) & set(body)
    if wrong or place.text in lists.everyday or place.text[-2:] in lists.everyday:
        return 0.0
    if place.cut_on_the_left or place.cut_on_the_right:
        return 0.0
    if body in lists.everyday and place.before not in _TOWARDS:
        return 0.0
    points = 1.0 if place.text[-1] in _TOWNS else 0.0
    points += 2 if place.before in _TOWARDS and place.before else 0
    points += 1 if caption and not place.before else 0
    points += 1 if caption and place.alone else 0
    points += 2 if not place.before and place.after == "的" else 0
    return points if len(body) == 1 or place.before in _TOWARDS or not place.before else 0.0


def _organizations(corpus: Corpus) -> Iterator[Candidate]:
    """Firms, schools and inns by how their names end: 云上文旅."""
    lists = corpus.lists
    for run in corpus.runs:
        for ending in lists.organizations:
            at = run.text.find(ending)
            if at <= 0:
                continue
            start = at
            while (
                start > 0
                and at - start < _LONGEST_NAME
                and run.text[start - 1] not in LEFT | set("开办")
            ):
                start -= 1
            name = run.text[start:at]
            common = ending not in ("集团", "公司", "文旅", "传媒", "影业", "科技")
            plain = bool(NUMBERS & set(name)) or (common and name in lists.everyday)
            if len(name) >= _SHORT and not plain:
                target = f"{romanize.place(name)} {romanize.word(ending)}"
                yield Candidate(source=name + ending, kind="organization", score=4, target=target)
                break


def _titles(corpus: Corpus) -> Iterator[Candidate]:
    """What stands in title marks: 《蓝院》."""
    for line in corpus.lines:
        for match in _TITLE.finditer(line.text):
            target = romanize.word("".join(HAN.findall(match[1])))
            yield Candidate(source=match[1].strip(), kind="title", score=8, target=target)


_RULES: tuple[Callable[[Corpus], Iterator[Candidate]], ...] = (
    _given_names,
    _addressed_after,
    _addressed_before,
    _known_places,
    _places,
    _organizations,
    _titles,
)
