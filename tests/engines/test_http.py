"""Engines over HTTP against a server that plays every bad answer, over real sockets."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from playing import Exchange, Play, Server, english, late, well

from dramaloc.engines.answers import Answers
from dramaloc.engines.config import EngineConfig
from dramaloc.engines.engine import Context, Person, Request, StoppedError, TermHint
from dramaloc.engines.http import Clock
from dramaloc.engines.libretranslate import LibreTranslateEngine
from dramaloc.engines.openai import OpenAIEngine
from dramaloc.errors import EngineError, OutputError, SettingsError

SECRET = "sk-very-secret-0123456789"  # noqa: S105  # nobody's
TEXTS = (
    "奶奶来了",
    "你昨天睡到十点",
    "布不会跑",
    "开花了",
    "缸也赖床啊",
    "我不信",
    "走吧",
    "等等我",
)

Serve = Callable[..., Server]


class FakeClock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self.at = 0.0

    def wait(self, _event: threading.Event, seconds: float) -> bool:
        self.waited.append(seconds)
        self.at += seconds
        return False

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, today=lambda: 1_000_000.0, wait=self.wait)


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda *plays: stack.enter_context(Server(plays or [well]).running())


@pytest.fixture
def ticking() -> FakeClock:
    return FakeClock()


def _engine(server: Server, ticking: FakeClock | None = None, **options: Any) -> OpenAIEngine:
    said = {"url": server.url, "model": "guose", "concurrency": 1, **options}
    budget = said.pop("budget", None)
    config = EngineConfig(name="studio", kind="openai", options=said, max_requests=budget)
    answers = said.pop("answers", None) or Answers(path=None)
    clock = (ticking or FakeClock()).clock
    return OpenAIEngine(config, answers=answers, clock=clock)


def _asked(texts: Sequence[str] = TEXTS) -> list[Request]:
    return [Request(text=text) for text in texts]


def _texts(engine: OpenAIEngine, texts: Sequence[str] = TEXTS) -> list[str]:
    found = engine.translate(_asked(texts), "zh-Hans", "en")
    assert [one.fault for (one,) in found] == [""] * len(texts)
    return [one.text for (one,) in found]


def _right(texts: Sequence[str] = TEXTS) -> list[str]:
    return [english({"text": text}) for text in texts]


# Bad answers, each of which is followed by good ones.


def _rows(exchange: Exchange) -> dict[str, str]:
    return {line["id"]: english(line) for line in exchange.lines}


def _short(exchange: Exchange) -> None:
    exchange.answer(dict(list(_rows(exchange).items())[:-3]))


def _first_missing(exchange: Exchange) -> None:
    exchange.answer(dict(list(_rows(exchange).items())[1:]))


def _extra(exchange: Exchange) -> None:
    exchange.answer({**_rows(exchange), "99": "And one more."})


def _split(exchange: Exchange) -> None:
    rows = [{"id": k, "text": t} for k, t in _rows(exchange).items()]
    rows.insert(1, {"id": rows[0]["id"], "text": "the other half"})
    exchange.say("\n".join(map(json.dumps, rows)))


def _wrong_order(exchange: Exchange) -> None:
    exchange.answer(dict(reversed(_rows(exchange).items())))


def _merged(exchange: Exchange) -> None:
    rows = list(_rows(exchange).items())
    merged = {rows[0][0]: f"{rows[0][1]} {rows[1][1]}", rows[1][0]: ""}
    exchange.answer({**dict(rows), **merged})


def _echo(exchange: Exchange) -> None:
    exchange.answer({line["id"]: line["text"] for line in exchange.lines})


def _half_echo(exchange: Exchange) -> None:
    lines = exchange.lines
    exchange.answer({**_rows(exchange), lines[2]["id"]: f"She said {lines[2]['text']}"})


def _refusal(exchange: Exchange) -> None:
    exchange.say("I'm sorry, but I can't help with translating this content.")


def _refused_field(exchange: Exchange) -> None:
    message = {"role": "assistant", "content": None, "refusal": "I can't assist with that."}
    exchange.json({"choices": [{"message": message}]})


def _refused_line(exchange: Exchange) -> None:
    rows = _rows(exchange)
    exchange.answer({**rows, next(iter(rows)): "I'm sorry, I cannot translate this."})


def _chatty_lines(exchange: Exchange) -> None:
    exchange.answer({k: f"Sure! Here is the translation: {t}" for k, t in _rows(exchange).items()})


def _noted(exchange: Exchange) -> None:
    exchange.answer({k: f"{t} (Note: literal)" for k, t in _rows(exchange).items()})


def _two_lines(exchange: Exchange) -> None:
    exchange.answer({k: f"{t}\nOr: {t}" for k, t in _rows(exchange).items()})


def _endless_line(exchange: Exchange) -> None:
    exchange.answer(dict.fromkeys(_rows(exchange), "and on " * 200))


def _prose(exchange: Exchange) -> None:
    exchange.say("Grandma is here. You slept till ten yesterday. The cloth won't run off.")


def _cut_off(exchange: Exchange) -> None:
    text = "\n".join(json.dumps({"id": k, "text": t}) for k, t in _rows(exchange).items())
    exchange.say(text[: len(text) // 2], finish_reason="length")


def _empty(exchange: Exchange) -> None:
    exchange.say("")


def _html(exchange: Exchange) -> None:
    page = b"<html><head><style>a{}</style></head><body>Bad gateway</body></html>"
    exchange.send(page, Content_Type="text/html")


def _html_502(exchange: Exchange) -> None:
    exchange.send(b"<h1>Bad gateway</h1>", status=502, Content_Type="text/html")


def _busy(exchange: Exchange) -> None:
    exchange.json({"error": {"message": "slow down"}}, status=429, Retry_After="7")


def _busy_until(exchange: Exchange) -> None:
    when = formatdate(1_000_011.0, usegmt=True)
    exchange.json({"error": "slow down"}, status=429, Retry_After=when)


def _broken(exchange: Exchange) -> None:
    exchange.json({"error": {"message": "out of memory"}}, status=500)


def _reset(exchange: Exchange) -> None:
    exchange.reset()


def _cut_body(exchange: Exchange) -> None:
    exchange.send(b'{"choices": [', length=5000)


def _not_utf8(exchange: Exchange) -> None:
    exchange.send(b"\xff\xfe\x00{", Content_Type="application/octet-stream")


def _a_list(exchange: Exchange) -> None:
    exchange.json(["choices"])


BAD: dict[str, Play] = {
    "fewer lines": _short,
    "the first is missing": _first_missing,
    "a line too many": _extra,
    "a line in two": _split,
    "two in one": _merged,
    "source given back": _echo,
    "one line half in Chinese": _half_echo,
    "refused": _refusal,
    "refused in its own field": _refused_field,
    "one line refused": _refused_line,
    "chatter in the lines": _chatty_lines,
    "notes in the lines": _noted,
    "two lines for one": _two_lines,
    "a line without end": _endless_line,
    "prose": _prose,
    "cut off": _cut_off,
    "nothing": _empty,
    "HTML": _html,
    "HTML, 502": _html_502,
    "429, seconds": _busy,
    "429, date": _busy_until,
    "500": _broken,
    "connection reset": _reset,
    "body cut off": _cut_body,
    "not UTF-8": _not_utf8,
    "JSON, but no object": _a_list,
}


@pytest.mark.parametrize("play", BAD.values(), ids=BAD.keys())
def test_a_bad_answer_is_asked_again(play: Play, serve: Serve) -> None:
    server = serve(play, well)
    assert _texts(_engine(server)) == _right()
    assert len(server.seen) > 1


@pytest.mark.parametrize("play", [_wrong_order], ids=["wrong order"])
def test_a_line_is_known_by_its_id(play: Play, serve: Serve) -> None:
    server = serve(play)
    assert _texts(_engine(server)) == _right()
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "around",
    [
        "Sure! Here they are:\n{}\nLet me know if you need more.",
        "```json\n{}\n```",
        '<think>{{"id": "1", "text": "no"}}</think>{}',
        '{{"lines": [{}]}}',
        "[{}]",
    ],
)
def test_what_stands_around_the_lines_does_no_harm(around: str, serve: Serve) -> None:
    def play(exchange: Exchange) -> None:
        rows = [json.dumps({"id": k, "text": t}) for k, t in _rows(exchange).items()]
        exchange.say(around.format((", " if around[0] in "{[" else "\n").join(rows)))

    server = serve(play)
    assert _texts(_engine(server)) == _right()
    assert len(server.seen) == 1


def test_content_in_parts_and_numbers_for_ids(serve: Serve) -> None:
    def play(exchange: Exchange) -> None:
        rows = [json.dumps({"id": int(k), "text": t}) for k, t in _rows(exchange).items()]
        exchange.say([{"type": "text", "text": "\n".join(rows)}])

    assert _texts(_engine(serve(play))) == _right()


def test_late_answers_are_given_up_and_asked_again(serve: Serve) -> None:
    server = serve(late, well)
    assert _texts(_engine(server, timeout_s=0.1)) == _right()
    assert len(server.seen) == 2


def test_a_trickle_is_no_answer(serve: Serve) -> None:
    def trickle(exchange: Exchange) -> None:
        exchange.begin()
        for _ in range(40):
            exchange.handler.wfile.write(b" ")
            exchange.handler.wfile.flush()
            time.sleep(0.01)

    config = EngineConfig(
        name="studio",
        kind="openai",
        options={"url": serve(trickle).url, "model": "m", "timeout_s": 0.1, "tries": 1},
    )
    engine = OpenAIEngine(config, answers=Answers(path=None))
    with pytest.raises(EngineError, match=r"was not done within 0\.1 seconds"):
        engine.translate(_asked(), "zh-Hans", "en")


def test_an_endless_body_is_not_read_to_its_end(serve: Serve) -> None:
    sent: list[int] = []

    def endless(exchange: Exchange) -> None:
        exchange.begin()
        sent.extend(exchange.handler.wfile.write(b" " * 1024 * 1024) for _ in range(200))

    with pytest.raises(EngineError, match="sent more than 8 MB"):
        _engine(serve(endless)).translate(_asked(), "zh-Hans", "en")
    assert len(sent) < 200


def test_retry_after_is_obeyed_in_seconds_and_as_a_date(serve: Serve, ticking: FakeClock) -> None:
    _texts(_engine(serve(_busy, _busy_until, well), ticking))
    assert ticking.waited == [7.0, 11.0]


def test_waits_grow_and_are_the_same_every_time(serve: Serve, ticking: FakeClock) -> None:
    with pytest.raises(EngineError, match=r"answered 500: out of memory \(5 tries\)"):
        _texts(_engine(serve(_broken), ticking, tries=5))
    assert ticking.waited == [0.5, 1.0, 2.0, 4.0]


def test_a_wait_past_the_deadline_is_not_begun(serve: Serve, ticking: FakeClock) -> None:
    server = serve(_busy)
    with pytest.raises(EngineError, match="to wait 7 s more is past its deadline"):
        _texts(_engine(server, ticking, deadline_s=5))
    assert (len(server.seen), ticking.waited) == (1, [])


def test_the_pace_is_kept(serve: Serve, ticking: FakeClock) -> None:
    server = serve()
    _texts(_engine(server, ticking, requests_per_minute=30, batch_lines=2))
    assert len(server.seen) == 4
    assert ticking.waited == [2.0, 2.0, 2.0]


@pytest.mark.parametrize(("status", "said"), [(401, "is its key right"), (403, "is its key right")])
def test_a_wrong_key_is_not_tried_twice(serve: Serve, status: int, said: str) -> None:
    server = serve(lambda exchange: exchange.json({"error": "no"}, status=status))
    with pytest.raises(EngineError, match=said):
        _texts(_engine(server))
    assert len(server.seen) == 1


def test_redirects_are_not_followed(serve: Serve) -> None:
    other = serve()
    first = serve(lambda exchange: exchange.send(b"", status=302, Location=other.url))
    with pytest.raises(EngineError, match=r"sends on to 127\.0\.0\.1"):
        _texts(_engine(first))
    assert other.seen == []


def test_too_much_at_once_goes_in_smaller_parts(serve: Serve) -> None:
    def narrow(exchange: Exchange) -> None:
        if len(exchange.lines) > 2:
            exchange.json({"error": {"message": "context length exceeded"}}, status=400)
        else:
            well(exchange)

    assert _texts(_engine(serve(narrow))) == _right()


def test_a_service_that_takes_nothing_is_not_asked_line_by_line(serve: Serve) -> None:
    server = serve(lambda exchange: exchange.json({"message": "no such model"}, status=400))
    with pytest.raises(EngineError, match="answered 400: no such model"):
        _texts(_engine(server))
    assert len(server.seen) <= 3


def test_an_answer_that_is_no_completion_says_so(serve: Serve) -> None:
    server = serve(lambda exchange: exchange.json({"translatedText": "hello"}))
    with pytest.raises(EngineError, match="answered no chat completion") as caught:
        _texts(_engine(server))
    assert "/v1" in caught.value.hint


def test_what_is_refused_to_the_end_is_a_fault_and_the_rest_stands(serve: Serve) -> None:
    def squeamish(exchange: Exchange) -> None:
        if any(line["text"] == TEXTS[3] for line in exchange.lines):
            _refusal(exchange)
        else:
            well(exchange)

    server = serve(squeamish)
    found = _engine(server).translate(_asked(), "zh-Hans", "en")
    assert [(one.text, one.fault) for (one,) in found] == [
        (text, "refused") if text == TEXTS[3] else (english({"text": text}), "") for text in TEXTS
    ]
    alone = [seen for seen in server.seen if [line["text"] for line in seen.lines] == [TEXTS[3]]]
    assert ["could not be used: refused" in seen.prompt for seen in alone] == [False, True]


def test_a_dead_host_is_one_line(ticking: FakeClock) -> None:
    with Server([well]).running() as server:
        pass
    with pytest.raises(EngineError, match=r"cannot be reached or broke off .* \(4 tries\)"):
        _texts(_engine(server, ticking))


def test_what_was_done_before_it_stopped_is_handed_over(serve: Serve) -> None:
    engine = _engine(serve(well, _broken), batch_lines=3)
    with pytest.raises(StoppedError) as caught:
        engine.translate(_asked(), "zh-Hans", "en")
    done = [found is not None for found in caught.value.found]
    assert done == [True] * 3 + [False] * 5


# The budget.


def test_the_budget_is_kept_to_the_request(serve: Serve) -> None:
    server = serve()
    engine = _engine(server, batch_lines=2, budget=3, concurrency=4)
    with pytest.raises(StoppedError, match="the budget of 3 requests to studio is spent") as caught:
        engine.translate(_asked(), "zh-Hans", "en")
    assert len(server.seen) == 3
    assert [found is not None for found in caught.value.found] == [True] * 6 + [False] * 2
    assert "--max-requests" in caught.value.hint


def test_tries_count_against_the_budget_too(serve: Serve) -> None:
    server = serve(_broken)
    with pytest.raises(EngineError, match="budget of 2 requests"):
        _texts(_engine(server, budget=2))
    assert len(server.seen) == 2


# The key.


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STUDIO_API_KEY", SECRET)
    return SECRET


def test_the_key_goes_into_the_header_and_nowhere_else(serve: Serve, key: str) -> None:
    server = serve()
    engine = _engine(server, key_env="STUDIO_API_KEY")
    _texts(engine)
    assert server.seen[0].headers["Authorization"] == f"Bearer {key}"
    said = engine.signature("zh", "en") + engine.notice("zh", "en") + json.dumps(engine.used())
    assert key not in said + json.dumps(server.seen[0].body)
    assert "STUDIO_API_KEY" in engine.notice("zh", "en")


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500])
@pytest.mark.parametrize("shape", ["{}", '{{"error": {{"message": "bad key {}"}}}}', "<p>{}</p>"])
def test_a_key_that_is_echoed_is_not_shown(serve: Serve, key: str, status: int, shape: str) -> None:
    server = serve(lambda exchange: exchange.send(shape.format(key).encode(), status=status))
    with pytest.raises(EngineError) as caught:
        _texts(_engine(server, key_env="STUDIO_API_KEY"))
    assert key not in str(caught.value) + str(caught.value.hint)
    assert "***" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_that_is_not_set_is_named(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    with pytest.raises(SettingsError, match="environment variable NO_SUCH_KEY"):
        _engine(serve(), key_env="NO_SUCH_KEY")


def test_a_key_that_is_none_is_not_shown(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_API_KEY", "密钥-geheim")
    with pytest.raises(SettingsError, match="STUDIO_API_KEY holds characters") as caught:
        _engine(serve(), key_env="STUDIO_API_KEY")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://host/v1", "http://", "http://host:port/v1", "http://[::1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    config = EngineConfig(name="studio", kind="openai", options={"url": url, "model": "m"})
    with pytest.raises(SettingsError, match=r"\[engines.studio\] url is no address"):
        OpenAIEngine(config)


@pytest.mark.parametrize("url", [f"http://me:{SECRET}@host/v1", f"https://host/v1?key={SECRET}"])
def test_keys_in_addresses_are_refused_and_not_shown(url: str) -> None:
    config = EngineConfig(name="studio", kind="openai", options={"url": url, "model": "m"})
    with pytest.raises(SettingsError, match="url holds more than an address") as caught:
        OpenAIEngine(config)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"modle": "m"}, "unknown key 'modle'"),
        ({"timeout_s": "60"}, "timeout_s is '60'. It must be a number"),
        ({"seed": True}, "seed is True. It must be a whole number"),
        ({"tries": 0}, "tries is 0. It must be more than 0"),
        ({"batch_lines": 0}, "batch-lines is less than 1"),
        ({"model": ""}, "names no model"),
    ],
)
def test_settings_that_cannot_be(options: dict[str, Any], said: str) -> None:
    config = EngineConfig(
        name="studio",
        kind="openai",
        options={"url": "http://host/v1", "model": "m", **options},
        path="show/dramaloc.toml",
    )
    with pytest.raises(SettingsError, match=said) as caught:
        OpenAIEngine(config)
    assert str(caught.value).startswith("show/dramaloc.toml: [engines.studio]")


# The same bytes.


@pytest.mark.parametrize("concurrency", [1, 3])
def test_order_of_completion_changes_nothing(serve: Serve, concurrency: int) -> None:
    def uneven(exchange: Exchange) -> None:
        time.sleep(0.02 if exchange.number % 2 == 0 else 0)
        (_half_echo if len(exchange.lines) > 2 else well)(exchange)

    engine = _engine(serve(uneven), concurrency=concurrency, batch_lines=3)
    assert _texts(engine) == _right()


def test_answers_are_kept_from_run_to_run(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "answers.sqlite3"
    server = serve(well, _refusal)
    first = _texts(_engine(server, answers=Answers(path=path)))
    again = _engine(server, answers=Answers(path=path))
    assert _texts(again) == first
    assert len(server.seen) == 1
    assert again.used() == {"studio": {"requests": 0, "kept": len(TEXTS)}}


def test_only_what_is_new_is_asked(serve: Serve) -> None:
    server, answers = serve(), Answers(path=None)
    _texts(_engine(server, answers=answers))
    _texts(_engine(server, answers=answers), [*TEXTS[:4], "新的一句", *TEXTS[4:]])
    assert [line["text"] for line in server.seen[1].lines] == ["新的一句"]


@pytest.mark.parametrize(
    "other", [{"model": "other"}, {"temperature": 0.5}, {"seed": 2}, {"instructions": "Be brief."}]
)
def test_another_setting_is_another_question(serve: Serve, other: dict[str, Any]) -> None:
    server, answers = serve(), Answers(path=None)
    _texts(_engine(server, answers=answers))
    engine = _engine(server, answers=answers, **other)
    assert engine.signature("zh", "en") != _engine(server).signature("zh", "en")
    _texts(engine)
    assert len(server.seen) == 2


def test_a_damaged_file_of_answers_says_the_way_out(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite3"
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(OutputError, match=r"is damaged\. Delete it"):
        _texts(_engine(serve(), answers=Answers(path=path)))


def test_a_place_that_cannot_be_written_costs_only_the_keeping(
    serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    answers = Answers(path=tmp_path / "file" / "answers.sqlite3")
    assert _texts(_engine(serve(), answers=answers)) == _right()


def test_equal_requests_are_asked_once(serve: Serve) -> None:
    server = serve()
    done: list[int] = []
    found = _engine(server).translate(_asked(["好", "走", "好"]), "zh-Hans", "en", done.append)
    assert found[0] == found[2] != found[1]
    assert len(server.seen[0].lines) == 2
    assert sum(done) == 3


# What is asked.


def test_the_request_holds_all_that_makes_it_repeatable(serve: Serve) -> None:
    server = serve()
    _texts(_engine(server, extra={"top_p": 1}))
    body = server.seen[0].body
    assert (body["model"], body["temperature"], body["seed"], body["top_p"]) == ("guose", 0, 1, 1)
    assert server.seen[0].path == "/v1/chat/completions"
    _texts(_engine(server, seed=-1, json=True))
    assert "seed" not in server.seen[1].body
    assert server.seen[1].body["response_format"] == {"type": "json_object"}


def test_the_scene_goes_along(serve: Serve) -> None:
    dong = Person(name="董奶奶", rendering="Granny Dong", gender="female", age="1", relation="dyer")
    context = Context(
        before=("小杨", "你来"),
        after=("布不会跑",),
        speaker="阿鹏",
        terms=(TermHint(source="奶奶", required="Grandma", forbidden=("Nainai",)),),
        people=(dong,),
        audience="Readers: English (United States).",
    )
    server = serve()
    requests = [Request(text="奶奶来了", context=context), Request(text="布不会跑")]
    _engine(server).translate(requests, "zh-Hans", "en")
    first, second = server.seen[0].lines
    assert first == {
        "id": "1",
        "text": "奶奶来了",
        "speaker": "阿鹏",
        "before": ["小杨", "你来"],
        "terms": [{"source": "奶奶", "write": "Grandma", "never": ["Nainai"]}],
    }
    assert second == {"id": "2", "text": "布不会跑"}
    assert "董奶奶 = Granny Dong, female, age rank 1, 1 the eldest, dyer" in server.seen[0].prompt
    system = server.seen[0].body["messages"][0]["content"]
    assert "Chinese (Simplified) (zh-Hans) into English (en)" in system
    assert "Readers: English (United States)." in system


def test_tokens_are_counted(serve: Serve) -> None:
    engine = _engine(serve(), batch_lines=4)
    _texts(engine)
    counts = engine.used()["studio"]
    assert counts == {"requests": 2, "prompt_tokens": 80, "completion_tokens": 16, "kept": 0}


def test_terms_may_ask_for_chinese(serve: Serve) -> None:
    def play(exchange: Exchange) -> None:
        exchange.answer({line["id"]: "They call it 卡." for line in exchange.lines})

    hint = TermHint(source="卡", required="卡")
    request = Request(text="叫卡", context=Context(terms=(hint,)))
    found = _engine(serve(play)).translate([request], "zh-Hans", "en")
    assert found[0][0].fault == ""


# LibreTranslate.


def _libre(server: Server, **options: Any) -> LibreTranslateEngine:
    said = {"url": server.url, "concurrency": 1, **options}
    config = EngineConfig(name="libre", kind="libretranslate", options=said)
    return LibreTranslateEngine(config, answers=Answers(path=None), clock=FakeClock().clock)


def _translated(exchange: Exchange) -> None:
    exchange.json({"translatedText": english({"text": exchange.body["q"]})})


def test_libretranslate_is_asked_text_by_text(serve: Serve, key: str) -> None:
    server = serve(_translated)
    engine = _libre(server, key_env="STUDIO_API_KEY", concurrency=3)
    found = engine.translate(_asked(), "zh-Hans", "pt-BR")
    assert [one.text for (one,) in found] == _right()
    assert server.seen[0].path == "/v1/translate"
    body = {**server.seen[0].body, "q": ""}
    assert body == {"q": "", "source": "zh", "target": "pb", "format": "text", "api_key": key}
    assert "Authorization" not in server.seen[0].headers
    assert key not in engine.signature("zh-Hans", "pt-BR")


def test_libretranslate_that_echoes_or_errs(serve: Serve) -> None:
    server = serve(lambda exchange: exchange.json({"translatedText": exchange.body["q"]}))
    found = _libre(server).translate(_asked(), "zh-Hans", "en")
    assert {one.fault for (one,) in found} == {"untranslated"}
    server = serve(lambda exchange: exchange.json({"error": "zh is not supported"}, status=400))
    with pytest.raises(EngineError, match="answered 400: zh is not supported"):
        _libre(server).translate(_asked(), "zh-Hans", "en")
