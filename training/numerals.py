"""Numbers, prices, times, dates and ages, written as people say them in both languages."""

from collections.abc import Callable
from random import Random

_DIGITS = "零一二三四五六七八九"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_MONTHS = (
    "January February March April May June July August September October November December"
).split()

Rendering = tuple[str, str]


def chinese(number: int) -> str:
    """Say 0 to 99,999,999 in Chinese characters.

    >>> [chinese(n) for n in (10, 14, 105, 2030, 12000, 100001)]
    ['十', '十四', '一百零五', '两千零三十', '一万两千', '十万零一']
    """
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1_000 else ""
        head = "两" if high == 2 else chinese(high)
        return f"{head}万{gap}{_below_ten_thousand(low) if low else ''}"
    said = _below_ten_thousand(number)
    return said.removeprefix("一") if 10 <= number < 20 else said


def _below_ten_thousand(number: int) -> str:
    if number == 0:
        return "零"
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            numeral = "两" if digit == 2 and unit >= 100 else _DIGITS[digit]
            said += ("零" if gap else "") + numeral + name
        gap = bool(said) and not digit
    return said


def english(number: int) -> str:
    """Say 0 to 99,999,999 in English words.

    >>> [english(n) for n in (14, 42, 105, 2030, 12000)]
    ['fourteen', 'forty-two', 'one hundred and five', 'two thousand and thirty', 'twelve thousand']
    """
    for unit, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= unit:
            high, low = divmod(number, unit)
            tail = f"{' and' if low < 100 else ''} {english(low)}" if low else ""
            return f"{english(high)} {name}{tail}"
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """Say the ordinal of 1 to 99 in English.

    >>> [ordinal(n) for n in (1, 12, 20, 23)]
    ['first', 'twelfth', 'twentieth', 'twenty-third']
    """
    head, dash, last = english(number).rpartition("-")
    plain = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return head + dash + _ORDINALS.get(last, plain)


def amount(rng: Random) -> int:
    """A number as people use it: mostly small or round."""
    draw = rng.random()
    if draw < 0.5:
        return rng.randint(2, 100)
    if draw < 0.8:
        return rng.randint(1, 99) * rng.choice((10, 100, 1_000, 10_000, 100_000))
    return rng.randint(100, 9_999)


def money(rng: Random) -> Rendering:
    number = amount(rng)
    if rng.random() < 0.4:
        return f"{number}{rng.choice(('块', '块钱', '元'))}", f"{number:,} yuan"
    unit, currency = rng.choice((("块钱", "yuan"), ("块", "yuan"), ("两银子", "taels of silver")))
    return f"{chinese(number)}{unit}", f"{english(number)} {currency}"


def clock(rng: Random) -> Rendering:
    hour, minute = rng.randint(1, 12), rng.choice((0, 0, 10, 15, 20, 30, 40, 45, 50))
    said = "两" if hour == 2 else chinese(hour)
    if minute == 0:
        return f"{said}点", f"{english(hour)} o'clock"
    if rng.random() < 0.3:
        return f"{hour}点{minute}分", f"{hour}:{minute:02d}"
    if minute == 30:
        return f"{said}点半", f"half past {english(hour)}"
    return f"{said}点{chinese(minute)}", f"{english(hour)} {english(minute)}"


def date(rng: Random) -> Rendering:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    name = _MONTHS[month - 1]
    if rng.random() < 0.5:
        return f"{month}月{day}号", f"{name} {day}"
    return f"{chinese(month)}月{chinese(day)}号", f"{name} {ordinal(day)}"


def duration(rng: Random) -> Rendering:
    number = rng.choice((rng.randint(2, 12), rng.randint(2, 60)))
    chinese_unit, english_unit = rng.choice(
        (("天", "days"), ("年", "years"), ("个月", "months"), ("个小时", "hours"),
         ("分钟", "minutes"), ("个星期", "weeks"), ("秒", "seconds"))
    )  # fmt: skip
    if rng.random() < 0.3:
        return f"{number}{chinese_unit}", f"{number} {english_unit}"
    said = "两" if number == 2 else chinese(number)
    return f"{said}{chinese_unit}", f"{english(number)} {english_unit}"


def age(rng: Random) -> Rendering:
    number = rng.randint(3, 95)
    return f"{chinese(number)}岁", f"{english(number)}"


def percent(rng: Random) -> Rendering:
    number = rng.randint(1, 100)
    if rng.random() < 0.5:
        return f"{number}%", f"{number}%"
    return f"百分之{chinese(number)}", f"{english(number)} percent"


Maker = Callable[[Random], Rendering]

# Frames of our own; `#` is where the rendering goes.
FRAMES: tuple[tuple[Maker, tuple[Rendering, ...]], ...] = (
    (money, (
        ("一共#", "That's # altogether."), ("才#", "Only #."), ("你欠我#", "You owe me #."),
        ("这个要#", "This costs #."), ("我只带了#", "I only brought #."),
        ("他们出#买这块地", "They're offering # for this land."),
        ("#够不够", "Is # enough?"), ("给你#，马上走。", "Here's #. Leave right now."),
        ("花了#才修好", "It cost # to get it fixed."), ("少了#", "# is missing."),
    )),
    (clock, (
        ("已经#了", "It's already #."), ("明天早上#见", "See you tomorrow morning at #."),
        ("#之前必须赶到", "We have to be there before #."),
        ("会议改到#了", "The meeting's been moved to #."),
        ("我#来接你", "I'll pick you up at #."), ("现在#", "It's # now."),
        ("他#就走了", "He left at #."), ("火车#开", "The train leaves at #."),
    )),
    (date, (
        ("婚礼定在#", "The wedding is set for #."), ("今天是#", "Today is #."),
        ("我的生日是#", "My birthday is #."), ("#那天你在哪儿", "Where were you on #?"),
        ("他#才回来", "He won't be back until #."), ("#开庭", "The trial begins on #."),
    )),
    (duration, (
        ("我等了你#", "I waited for you for #."), ("还剩#", "There are # left."),
        ("#以后再说", "Let's talk about it in #."), ("他失踪#了", "He's been missing for #."),
        ("给我#", "Give me #."), ("已经过去#了", "# have passed already."),
        ("我们认识#了", "We've known each other for #."),
        ("我在这儿住了#", "I've lived here for #."),
        ("再过#就到了", "We'll be there in #."), ("#都没睡", "I haven't slept in #."),
    )),
    (age, (
        ("他今年#", "He's # this year."),
        ("我#那年就出来打工了", "I left home to work when I was #."),
        ("奶奶都#了", "Grandma is already #."), ("你才#", "You're only #."),
    )),
    (percent, (
        ("成功率只有#", "The success rate is only #."), ("我占#的股份", "I hold # of the shares."),
    )),
)  # fmt: skip


def number_line(rng: Random) -> Rendering:
    """A line of dialogue about a quantity."""
    make, frames = rng.choice(FRAMES)
    source, target = rng.choice(frames)
    said, rendered = make(rng)
    line = target.replace("#", rendered)
    return source.replace("#", said), line[:1].upper() + line[1:]
