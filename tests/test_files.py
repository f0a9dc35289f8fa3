import errno
import gzip
import hashlib
import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dramaloc import files
from dramaloc.errors import EncodingError, InputError, OutputError
from dramaloc.files import decode, digest, encode, read_bytes, read_text, write_atomic

SAMPLES = Path(__file__).parents[1] / "samples" / "indigo-house"
EPISODE = (SAMPLES / "E01.zh-Hans.srt").read_text(encoding="utf-8")

SPOKEN = tuple(
    dict.fromkeys(
        line
        for name in ("E01.zh-Hans.srt", "E02.zh-Hans.srt")
        for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()
        if re.search("[\u4e00-\u9fff]", line)
    )
)
TRADITIONAL = (
    "我奶奶總說 藍是活的",
    "要吃飯 要睡覺",
    "洱海的月 撈也撈不起",
    "我們家那口老染缸 死了",
    "你別拿棍子捅它",
    "對 什麼都沒有",
)
JAPANESE = ("染め物はまだ眠っている", "お婆ちゃんはいつも言ってた", "え？", "行くぞ", "ハンガー")
KOREAN = ("할머니는 늘 말씀하셨지", "쪽은 살아 있다고", "네?", "목각 문이야")

TRUNCATED_AT = 2000


def one_cue(text: str) -> str:
    return f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n"


def misread(texts: tuple[str, ...], encoding: str, language: str) -> list[str]:
    """Return the one-cue files that do not come back as they were written."""
    return [
        text
        for text in texts
        if decode(one_cue(text).encode(encoding), language=language).text != one_cue(text)
    ]


@pytest.mark.parametrize("text", [EPISODE, one_cue("染缸死了")], ids=["episode", "one cue"])
@pytest.mark.parametrize("bom", [True, False], ids=["BOM", "no BOM"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_unicode_is_recognised_and_written_back(encoding: str, bom: bool, text: str) -> None:  # noqa: FBT001
    data = encode(text, encoding=encoding, bom=bom)
    found = decode(data)
    assert (found.text, found.encoding, found.bom) == (text, encoding, bom)
    assert encode(found.text, encoding=found.encoding, bom=found.bom) == data


@pytest.mark.parametrize("times", [1, 40], ids=["one cue", "the same words again and again"])
def test_gb18030_is_recognised_in_the_shortest_and_most_repetitive_files(times: int) -> None:
    assert misread(tuple(line * times for line in SPOKEN), "gb18030", "zh-Hans") == []


@pytest.mark.parametrize(
    ("texts", "encoding", "language"),
    [
        (TRADITIONAL, "big5", "zh-Hant-TW"),
        (TRADITIONAL, "gb18030", "zh-Hans"),
        (JAPANESE, "shift_jis", "ja"),
        (JAPANESE, "shift_jis", "zh-Hans"),
        (JAPANESE, "euc_jp", "ja"),
        (KOREAN, "euc_kr", "ko-KR"),
        (("Синяя краска живая", "Да"), "cp1251", "ru"),
        (("Où est la cuve ? Elle dort, déjà.", "Café", "20°C"), "cp1252", "fr-FR"),
        (("Die Küpe schläft, großer Gott", "Öl"), "cp1252", "de"),
        (("It’s alive — she said… “blue”", "A café"), "cp1252", "en"),
        (("Farba śpi, żyje i się złości",), "cp1250", "pl"),
        (("Η βαφή είναι ζωντανή",), "cp1253", "el"),
        (("Boya yaşıyor, uyuyor ışık",), "cp1254", "tr"),
        (("הצבע חי וישן",), "cp1255", "he"),
        (("الصبغة حية وتنام",), "cp1256", "ar"),
        (("Dažai gyvi, miega ir pyksta ąčęėįšųū",), "cp1257", "lt"),
        (("Thuô\u0301c nhuô\u0323m sô\u0301ng",), "cp1258", "vi"),
        (SPOKEN[:40], "gb18030", "en"),
    ],
)
def test_one_cue_in_a_national_encoding_is_read_with_its_language_as_prior(
    texts: tuple[str, ...], encoding: str, language: str
) -> None:
    assert misread(texts, encoding, language) == []


@pytest.mark.parametrize(
    ("texts", "encoding", "language"),
    [(TRADITIONAL, "big5", "zh-Hans"), (SPOKEN, "gb18030", "zh-Hant")],
)
def test_a_whole_file_outweighs_the_wrong_prior(
    texts: tuple[str, ...], encoding: str, language: str
) -> None:
    assert misread(("\n".join(texts),), encoding, language) == []


def test_utf8_of_a_chinese_project_stays_utf8_whatever_its_accents_spell_in_gb18030() -> None:
    assert misread(("Yáng Zhìyuǎn", "Yáng", "naïve café", "Brontë", "ō"), "utf-8", "zh-Hans") == []


def test_gb18030_that_is_valid_utf8_by_chance_is_still_gb18030() -> None:
    data = one_cue("木屑").encode("gb18030")
    assert data.decode("utf-8")  # this is the trap
    assert decode(data).encoding == "gb18030"
    assert decode(data, language="ru").encoding == "utf-8"


@pytest.mark.parametrize("padding", ["\0", "\0" * 4096, "\0a\n"])
def test_stray_nul_bytes_do_not_turn_utf8_into_utf16(padding: str) -> None:
    found = decode((one_cue("染缸死了") + padding).encode())
    assert (found.text, found.encoding) == (one_cue("染缸死了") + padding, "utf-8")


def test_a_big5_hkscs_code_of_two_characters_is_no_surprise() -> None:
    data = "".join(TRADITIONAL).encode("big5") + b"\x88\x62"
    assert decode(data, language="zh-Hant").text.endswith("\u00ca\u0304")


@pytest.mark.parametrize("kept", range(TRUNCATED_AT, TRUNCATED_AT + 12))
def test_utf8_cut_within_a_character_is_refused_with_its_line_not_guessed(kept: int) -> None:
    whole = EPISODE.encode()
    data = whole[:kept]
    text = data.decode("utf-8", "ignore")
    if text.encode() == data:
        assert decode(data).text == text
        return
    with pytest.raises(EncodingError, match="not valid utf-8") as caught:
        decode(data)
    assert caught.value.line == text.count("\n") + 1


@pytest.mark.parametrize("language", ["zh-Hans", "fr", "ja", "ko"])
def test_one_broken_byte_in_utf8_is_named_and_not_taken_for_another_encoding(language: str) -> None:
    data = bytearray(EPISODE.encode())
    data[EPISODE.encode().index("深圳".encode()) + 1] = 0xFF
    with pytest.raises(EncodingError, match="not valid utf-8") as caught:
        decode(bytes(data), language=language)
    assert caught.value.line == EPISODE[: EPISODE.index("深圳")].count("\n") + 1


@pytest.mark.parametrize(
    "data",
    [
        bytes(1000),
        bytes.fromhex("89504e470d0a1a0a0000000d4948445200000100000001000806"),  # PNG
        bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb0043"),  # JPEG
        bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d"),  # Matroska
        gzip.compress(EPISODE.encode(), mtime=0),
        hashlib.shake_256(b"noise").digest(5000),
    ],
    ids=["zeros", "PNG", "JPEG", "Matroska", "gzip", "noise"],
)
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ja", "ko", "en", "ru"])
def test_binary_garbage_is_refused_in_one_line(data: bytes, language: str) -> None:
    with pytest.raises(EncodingError) as caught:
        decode(data, language=language)
    assert len(str(caught.value).splitlines()) == 1
    assert "--encoding" in str(caught.value)


@given(st.binary(max_size=60), st.sampled_from(["zh-Hans", "zh-Hant", "ja", "ko", "fr", "ru", ""]))
def test_any_bytes_are_either_read_or_refused(data: bytes, language: str) -> None:
    try:
        found = decode(data, language=language)
    except EncodingError:
        return
    assert data.decode(found.encoding).removeprefix("\ufeff") == found.text
    assert not re.search(r"[\x01-\x08]", found.text) or found.encoding == "utf-8"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_all_utf8_comes_back(text: str) -> None:
    assert decode(text.encode(), language="en").text == text


def test_an_encoding_that_was_named_is_used() -> None:
    data = one_cue("네?").encode("euc_kr")
    assert decode(data).text != one_cue("네?")
    assert decode(data, encoding="EUC-KR").text == one_cue("네?")


@pytest.mark.parametrize("named", ["utf-16", "utf-16-le", "UTF-8", "utf-8-sig", "utf-32"])
def test_a_named_encoding_knows_its_bom_and_is_written_back_as_it_was(named: str) -> None:
    for bom in (True, False):
        exact = "utf-8" if "8" in named else f"{named.removesuffix('-le')}-le"
        data = encode("染缸\n", encoding=exact, bom=bom)
        found = decode(data, encoding=named)
        assert (found.text, found.encoding, found.bom) == ("染缸\n", exact, bom)
        assert encode(found.text, encoding=found.encoding, bom=found.bom) == data


@pytest.mark.parametrize("named", ["klingon", "hex", "rot13", "undefined"])
def test_what_is_no_encoding_of_text_is_refused_by_name(named: str) -> None:
    with pytest.raises(EncodingError, match=f"no encoding is called '{named}'"):
        decode(b"ab", encoding=named)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_named_encoding_that_does_not_fit_says_in_which_line(newline: str) -> None:
    data = newline.join(["1", "上上上", "染缸"]).encode("utf-16-le") + b"\x00\xd8"
    with pytest.raises(
        EncodingError, match=f"not valid utf-16-le at byte {len(data) - 2}"
    ) as caught:
        decode(data, encoding="utf-16-le")
    assert caught.value.line == 3  # 上 is 4E 0A in UTF-16: no line ends there


def test_what_an_encoding_cannot_write_is_named_with_its_line() -> None:
    with pytest.raises(OutputError, match=r"line 2 holds '♪', which ascii cannot write"):
        encode("a\r♪", encoding="ascii")
    with pytest.raises(OutputError, match="no encoding is called 'klingon'"):
        encode("a", encoding="klingon")


def test_a_table_from_excel_is_read_in_the_encoding_of_its_language(tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    table.write_bytes("source,target\n蓝院,Indigo House\n".encode("gb18030"))
    assert read_text(table) == "source,target\n蓝院,Indigo House\n"
    table.write_bytes(hashlib.shake_256(b"noise").digest(3000))
    with pytest.raises(EncodingError, match=re.escape(str(table))):
        read_text(table)


def test_a_missing_file_and_a_folder_are_refused_with_path_and_advice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"E99\.srt: no such file\. Check the path"):
        read_bytes(tmp_path / "E99.srt")
    with pytest.raises(InputError, match="this is a folder"):
        read_bytes(tmp_path)


def test_writing_makes_folders_replaces_the_old_file_and_leaves_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "out" / "en-US" / "E01.srt"
    write_atomic(path, b"old")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask  # colleagues can read it


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutputError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
    ids=["disk full", "Ctrl-C"],
)
def test_a_write_that_fails_leaves_the_old_file_and_no_part_of_the_new(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    raised: type[BaseException],
) -> None:
    def fail(_handle: int) -> None:
        raise failure

    path = tmp_path / "E01.srt"
    path.write_bytes(b"old")
    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(raised) as caught:
        write_atomic(path, b"new" * 1000)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    if raised is OutputError:
        assert str(caught.value) == f"{path}: cannot be written (No space left on device)"


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    folder = tmp_path / "E01.srt"
    folder.mkdir()
    for path in (file / "E01.srt", folder):
        with pytest.raises(OutputError, match=re.escape(f"{path}: cannot be written")):
            write_atomic(path, b"new")
    assert sorted(tmp_path.iterdir()) == [folder, file]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write_atomic(tmp_path / "E01.srt", b"new")


def test_the_digest_is_sha256_with_its_name() -> None:
    assert digest(b"abc") == (
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert digest(EPISODE.encode()) == f"sha256:{hashlib.sha256(EPISODE.encode()).hexdigest()}"
