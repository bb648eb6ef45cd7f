from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from corpus_tool.cli import app
from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.index import read_release
from corpus_tool.release.verification.loading import failures
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.withholding.divergence import divergence
from corpus_tool.release.withholding.hydrating import hydrate
from corpus_tool.release.withholding.texts import known_text
from tests.release.quoted_corpus import articles, released, write

TEXTS = {one["id"]: one["text"] for one in articles()}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("full"), articles()).path


@pytest.fixture(scope="module")
def veiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("veiled"), articles(), withhold=["text"]).path


def as_files(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def as_articles(folder: Path, texts: dict[str, str]) -> Path:
    write(folder, [{"id": name, "text": text} for name, text in [*texts.items(), ("another", "Not asked for.")]])
    return folder


def as_both(folder: Path, texts: dict[str, str]) -> Path:
    first, *rest = texts
    as_articles(folder, {name: texts[name] for name in rest} | {first: "Not this one."})
    return as_files(folder, {first: texts[first]})


@pytest.mark.parametrize("write_copies", [as_files, as_articles, as_both], ids=["files", "articles", "files first"])
def test_the_rows_are_those_of_the_release_with_text(
    full: Path, veiled: Path, tmp_path: Path, write_copies: Callable[[Path, dict[str, str]], Path]
) -> None:
    made = hydrate(veiled, write_copies(tmp_path / "texts", TEXTS), tmp_path / "out")
    manifest, whole = read_release(tmp_path / "out")[0], read_release(full)[0]
    assert made.findings == ()
    assert made.unused == (0 if write_copies is as_files else 1)
    assert made.logical == manifest.digests.logical == whole.digests.logical
    assert {(one.view, one.split): one.logical for one in manifest.digests.splits} == {
        (one.view, one.split): one.logical for one in whole.digests.splits
    }
    assert manifest.withheld is None
    assert manifest.hydrated is not None
    assert (manifest.hydrated.proved, manifest.hydrated.sha256) == ("rows", read_release(veiled)[1])
    for view in whole.views:
        assert pq.read_table(tmp_path / "out" / view.name).equals(pq.read_table(full / view.name))
    assert not (tmp_path / "out" / "texts.jsonl").exists()


def test_it_loads_and_is_sound(veiled: Path, tmp_path: Path) -> None:
    hydrate(veiled, as_files(tmp_path / "texts", TEXTS), tmp_path / "1.0.0")
    assert verify(tmp_path / "1.0.0", "logical") == ()
    assert failures(tmp_path / "1.0.0", read_release(tmp_path / "1.0.0")[0]) == []
    page = (tmp_path / "1.0.0" / "README.md").read_text("utf-8")
    assert "## Text put back" in page
    assert "## Text withheld" not in page


FIRST, OTHER = "part 1/001", "part 0/002"
EDITS: dict[str, tuple[Callable[[str], str | bytes | None], str]] = {
    "a letter is another": (lambda text: text[:100] + "x" + text[101:], "differs in one character, number 100 "),
    "a letter more": (lambda text: text[:300] + "x" + text[300:], "differs in one character, number 300 "),
    "a letter less": (lambda text: text[:-2] + text[-1], "in one character, number "),
    "a letter that is rare": (lambda text: text[:10] + "\u4e00" + text[11:], "differs in one character, number 10 "),
    "the last letter": (lambda text: text + "!", "differs in one character, number "),
    "two letters": (lambda text: text[:260] + "xx" + text[262:], "differs first between characters 256 and 511"),
    "a paragraph more": (lambda text: text[:9] + "more " * 20 + text[9:], "first between characters 0 and 255"),
    "line ends": (lambda text: text.replace("\r\n", "\n"), "differs in one character, number "),
    "a byte order mark": (lambda text: "\ufeff" + text, "differs in a byte order mark, from character 0 on"),
    "Unicode form": (lambda text: unicodedata.normalize("NFD", text), "differs in Unicode form"),
    "white space": (lambda text: f"{text}\n\n", "characters, not "),
    "nothing": (lambda _: "", "it has 0 characters"),
    "no UTF-8": (lambda text: text.encode("utf-16"), "is not UTF-8, at byte 0"),
    "no file": (lambda _: None, "there is no copy of the text"),
}


@pytest.mark.parametrize(("edit", "said"), EDITS.values(), ids=EDITS.keys())
def test_a_copy_that_differs_is_refused_by_name(
    veiled: Path, tmp_path: Path, edit: Callable[[str], str | bytes | None], said: str
) -> None:
    texts = as_files(tmp_path / "texts", TEXTS)
    for name in (FIRST, OTHER):
        made, path = edit(TEXTS[name]), texts / f"{name}.txt"
        if made is None:
            path.unlink()
        else:
            path.write_bytes(made.encode() if isinstance(made, str) else made)
    found = hydrate(veiled, texts, tmp_path / "out")
    assert {one.location.article for one in found.findings} == {FIRST, OTHER}
    assert {one.code for one in found.findings} == {"RLS915"}
    assert all(said in one.message for one in found.findings), [one.message for one in found.findings]
    assert not (tmp_path / "out").exists()


def test_on_the_command_line(veiled: Path, tmp_path: Path) -> None:
    texts = as_files(tmp_path / "texts", TEXTS)
    asked = ["release", "hydrate", str(veiled), "--texts", str(texts), "--output", str(tmp_path / "out")]
    (texts / f"{FIRST}.txt").write_text("Other words.", "utf-8")
    refused = CliRunner().invoke(app, [*asked, "--format", "json"])
    assert refused.exit_code == 1
    assert [one["article"] for one in json.loads(refused.stdout)["findings"]] == [FIRST]
    as_files(tmp_path / "texts", TEXTS)
    made = CliRunner().invoke(app, asked)
    assert made.exit_code == 0
    assert read_release(tmp_path / "out")[0].digests.logical in made.stdout


def test_a_release_that_withholds_nothing_is_refused(full: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="withholds nothing"):
        hydrate(full, as_files(tmp_path / "texts", TEXTS), tmp_path / "out")


def test_nothing_is_written_over(veiled: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not an empty directory"):
        hydrate(veiled, tmp_path, as_files(tmp_path / "out", TEXTS))
    with pytest.raises(SettingsError, match="no such file or directory"):
        hydrate(veiled, tmp_path / "nowhere", tmp_path / "new")


def test_a_damaged_release_is_refused(veiled: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(veiled, tmp_path / "1.0.0")
    (copy / "texts.jsonl").write_bytes((copy / "texts.jsonl").read_bytes().replace(b"lower", b"upper"))
    with pytest.raises(ReleaseError, match="is not what was published"):
        hydrate(copy, as_files(tmp_path / "texts", TEXTS), tmp_path / "out")


USUAL: dict[str, tuple[str, str, str]] = {
    "CR LF": ("a\r\nb\r\n", "a\nb\n", "line ends, from character 1 on"),
    "LF": ("a\nb\nc\n", "a\r\nb\r\nc\r\n", "line ends, which were CR LF, from character 1 on"),
    "CR": ("a\rb\rc", "a\nb\nc", "line ends, from character 1 on"),
    "CR LF and one more": ("a\r\nb\r\n", "a\nb", "line ends, and one at the end, from character 1 on"),
    "a line feed more": ("ab\n", "ab", "a line feed at the end, from character 2 on"),
    "a line feed less": ("ab", "ab\n", "a line feed that is missing at the end, from character 2 on"),
    "white space": ("  ab \n", "ab", "white space at the ends, from character 0 on"),
    "decomposed": ("ae\u0301", "aé", "Unicode form (it was NFC), from character 1 on"),
    "composed": ("aé", "ae\u0301", "Unicode form (it was NFD), from character 1 on"),
}


@pytest.mark.parametrize(("copy", "text", "said"), USUAL.values(), ids=USUAL.keys())
def test_what_usually_differs_is_named(copy: str, text: str, said: str) -> None:
    assert (divergence(copy, known_text("a", text, {})) or "").startswith(f"differs in {said} (")


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(st.sampled_from("abc éğ\n🜂"), max_size=700),
    at=st.floats(0, 1, exclude_max=True),
    letter=st.sampled_from("axé\u2019"),
    how=st.sampled_from(["more", "less", "other"]),
)
def test_one_character_is_found(text: str, at: float, letter: str, how: str) -> None:
    place = int(at * len(text))
    copy = text[:place] + ("" if how == "less" else letter) + text[place + (how != "more") :]
    said = divergence(copy, known_text("a", text, {}))
    if copy == text:
        assert said is None
        return
    assert said is not None
    pairs = zip(copy, text, strict=False)
    first = next((number for number, (one, other) in enumerate(pairs) if one != other), min(len(copy), len(text)))
    if "one character" in said:
        # Of a run of one letter, which of them is too many or missing nobody can tell.
        found = int(said.partition("number ")[2].split()[0].replace(",", ""))
        assert found <= first
        assert len(set(text[found:first])) <= 1
    elif said.startswith("differs first"):  # by a letter that the copy has nowhere
        words = said.replace(",", "").split()
        assert int(words[4]) <= first <= int(words[6])
        assert how != "more"
    else:
        assert said.startswith("differs in ")
