"""Episodes × markets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dramaloc.batch.plan import Episode, find_episodes, plan
from dramaloc.errors import InputError


def _names(*inputs: str | Path, language: str | None = None) -> list[str]:
    return [episode.path.name for episode in find_episodes([*map(str, inputs)], language)]


def test_a_folder_yields_the_source_language_only(show: Path) -> None:
    (show / "E01.en-US.srt").write_text("an output")
    (show / "E01.zh-Hant-TW.srt").write_text("an output")
    assert _names(show) == ["E01.zh-Hans.srt", "E02.zh-Hans.srt"]
    assert _names(show, language="en") == ["E01.reference.en.srt"]


def test_a_file_without_tag_is_taken_by_its_script(
    show: Path, make_srt: Callable[..., str]
) -> None:
    (show / "E03.srt").write_text(make_srt("第三集"), encoding="gb18030")
    (show / "E04.srt").write_text(make_srt("Episode four"), encoding="utf-8")
    (show / "extra" / "E05.SRT").parent.mkdir()
    (show / "extra" / "E05.SRT").write_text(make_srt("第五集"), encoding="utf-8")
    assert _names(show) == ["E01.zh-Hans.srt", "E02.zh-Hans.srt", "E03.srt", "E05.SRT"]


def test_hidden_files_and_folders_are_passed_over(show: Path) -> None:
    (show / ".trash").mkdir()
    (show / ".trash" / "E09.zh-Hans.srt").write_text("x")
    (show / "._E01.zh-Hans.srt").write_text("what macOS leaves on network drives")
    assert _names(show) == ["E01.zh-Hans.srt", "E02.zh-Hans.srt"]


def test_an_unreadable_file_is_taken_so_that_its_fault_is_told(show: Path) -> None:
    (show / "E03.srt").write_bytes(b"\x00\xff\xfe\x81\x00\x01")
    assert "E03.srt" in _names(show)


def test_files_are_taken_as_named(show: Path) -> None:
    (episode,) = find_episodes([str(show / "E01.reference.en.srt")], None)
    assert episode.language == "en"
    (episode,) = find_episodes([str(show / "E01.reference.en.srt")], "zh-Hans")
    assert episode.language == "zh-Hans"


def test_globs_and_repeated_names(show: Path) -> None:
    first = show / "E01.zh-Hans.srt"
    assert _names(show / "E0*.zh-Hans.srt") == ["E01.zh-Hans.srt", "E02.zh-Hans.srt"]
    assert _names(first, first, show / ".." / "show" / "E01.zh-Hans.srt") == ["E01.zh-Hans.srt"]


def test_what_is_not_there(show: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        find_episodes([str(show / "E77.srt")], None)
    with pytest.raises(InputError, match=r"no ja subtitle file in this folder\. .*--from"):
        find_episodes([str(show)], "ja")


def test_every_episode_goes_to_every_market(show: Path) -> None:
    jobs = plan(find_episodes([str(show)], None), ["en-US", "zh-Hant-TW"], Path("out"))
    assert [str(job.output) for job in jobs] == [
        os.path.join("out", name)  # noqa: PTH118  # what a person sees printed
        for name in ("E01.en-US.srt", "E01.zh-Hant-TW.srt", "E02.en-US.srt", "E02.zh-Hant-TW.srt")
    ]
    assert {job.language for job in jobs} == {"zh-Hans"}


def test_without_a_folder_the_output_stands_beside_its_input(show: Path) -> None:
    (job,) = plan(find_episodes([str(show / "E01.zh-Hans.srt")], None), ["en-US"], None)
    assert job.output == show / "E01.en-US.srt"


def test_folders_below_the_input_are_kept(show: Path) -> None:
    (show / "season-2").mkdir()
    (show / "E01.zh-Hans.srt").rename(show / "season-2" / "E01.zh-Hans.srt")
    jobs = plan(find_episodes([str(show)], None), ["en-US"], Path("out"))
    assert [job.output for job in jobs] == [
        Path("out/E02.en-US.srt"),
        Path("out/season-2/E01.en-US.srt"),
    ]


@pytest.mark.parametrize(
    "folder", [None, Path("show"), Path("show/../show"), Path("other/../show")]
)
def test_an_input_is_never_an_output(show: Path, folder: Path | None) -> None:
    (show.parent / "other").mkdir()
    ours = show / "E01.en-US.srt"
    ours.write_text("not to be lost")
    with pytest.raises(InputError, match="overwrite an input"):
        plan(find_episodes([str(ours)], "zh-Hans"), ["en-US"], folder)


def test_two_inputs_never_become_one_output(show: Path, make_srt: Callable[..., str]) -> None:
    (show / "E01.srt").write_text(make_srt("第一集"), encoding="utf-8")
    with pytest.raises(InputError, match="would both become this file"):
        plan(find_episodes([str(show)], None), ["en-US"], Path("out"))


def test_other_xml_in_a_folder_is_none_of_ours(tmp_path: Path) -> None:
    ours = '<tt xmlns="http://www.w3.org/ns/ttml"><body><div/></body></tt>'
    (tmp_path / "E01.zh-Hans.xml").write_text(ours, encoding="utf-8")
    (tmp_path / "project.zh-Hans.xml").write_text("<project/>", encoding="utf-8")
    found = find_episodes([str(tmp_path)], None)
    assert [episode.path.name for episode in found] == ["E01.zh-Hans.xml"]


def test_outputs_that_differ_only_in_letter_case_are_one_file_on_a_mac(tmp_path: Path) -> None:
    for folder, name in (("a", "E01.zh-Hans.srt"), ("b", "e01.zh-Hans.srt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("1\n", encoding="utf-8")
    episodes = find_episodes([str(tmp_path / "a"), str(tmp_path / "b")], "zh-Hans")
    with pytest.raises(InputError, match="would both become this file"):
        plan(episodes, ["en-US"], tmp_path / "out")


def test_a_name_that_no_record_can_hold_is_refused(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.zh-Hans.srt")
    episode = Episode(path=tmp_path / name, below=Path(), language="zh-Hans")
    with pytest.raises(InputError, match="not in UTF-8"):
        plan([episode], ["en-US"], tmp_path)


def test_a_name_too_long_for_any_file_is_no_such_file() -> None:
    with pytest.raises(InputError, match="no such file"):
        find_episodes(["x" * 5000], None)


def test_an_input_is_no_output_where_letter_case_tells_nothing_apart(tmp_path: Path) -> None:
    path = tmp_path / "E01.en-us.srt"
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nHi\n", encoding="utf-8")
    episodes = find_episodes([str(path)], None)
    with pytest.raises(InputError, match="the output would overwrite an input"):
        plan(episodes, ["en-US"], None)
