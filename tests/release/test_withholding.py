from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.comparing import plan_release
from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.release.difference.differing import difference
from corpus_tool.release.difference.policy import Bump, bump_of
from corpus_tool.release.difference.sides import Side, released_side
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.verification.loading import failures
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.withholding.quoting import QUOTED, joined, pieces, quotes, read_pieces, shown
from corpus_tool.release.withholding.texts import read_texts
from corpus_tool.release.withholding.veiling import unveil, veil
from corpus_tool.release.withholding.writing import QuotedError, refuse_quotes
from corpus_tool.releasing import build_release
from tests.release.leaking import leaked, runs
from tests.release.quoted_corpus import article, articles, released, write


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("full"), articles()).path


@pytest.fixture(scope="module")
def veiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("veiled"), articles(), withhold=["text"]).path


def manifest(folder: Path) -> Manifest:
    return read_release(folder)[0]


def rows(folder: Path, view: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / view).to_pylist()
    return found


TEXTS = [one["text"] for one in articles()]


def test_no_run_of_a_text_is_in_any_file(full: Path, veiled: Path) -> None:
    assert leaked(veiled, TEXTS, QUOTED) == set()
    assert {name.partition("/")[0] for name, _ in leaked(full, TEXTS, QUOTED)} > {"articles", "validation-report.json"}


def test_not_even_in_the_bytes_of_parquet(veiled: Path) -> None:
    known = {run.encode() for run in runs(TEXTS, QUOTED)}
    for path in veiled.rglob("*.parquet"):
        data = path.read_bytes()
        assert not any(run in data for run in known), path


def test_it_loads_and_is_sound(veiled: Path) -> None:
    assert verify(veiled, "logical") == ()
    assert failures(veiled, manifest(veiled)) == []


def test_offsets_labels_and_ids_stay(full: Path, veiled: Path) -> None:
    assert [view.fingerprint for view in manifest(full).views] == [view.fingerprint for view in manifest(veiled).views]
    for view in ("entities", "relations", "events", "quotations"):
        kept = ("article_id", "id", "type", "start", "end", "prov", "trigger_start", "speaker", "cue")
        pairs = zip(rows(full, view), rows(veiled, view), strict=True)
        assert all({k: one.get(k) for k in kept} == {k: other.get(k) for k in kept} for one, other in pairs)
    tokens = zip(rows(full, "tokens"), rows(veiled, "tokens"), strict=True)
    assert all(one["starts"] == other["starts"] and one["tags"] == other["tags"] for one, other in tokens)


def test_notes_are_there_but_for_what_they_quote(veiled: Path) -> None:
    notes = {note["text"] for row in rows(veiled, "articles_raw") for note in row["notes"]}
    assert "Ask again." in notes
    assert any(re.fullmatch(r"Not sure of ?\[[0-9]+ characters\] ?at all", note) for note in notes)


def test_the_manifest_says_what_is_withheld_and_what_it_becomes(full: Path, veiled: Path) -> None:
    said, whole = manifest(veiled).withheld, manifest(full).digests
    assert said is not None
    assert said.what == ("text",)
    assert said.logical == whole.logical != manifest(veiled).digests.logical
    assert {(one.view, one.split, one.logical) for one in said.splits} == {
        (one.view, one.split, one.logical) for one in whole.splits
    }
    assert manifest(veiled).scores == manifest(full).scores
    assert manifest(full).withheld is None
    assert "## Text withheld" in (veiled / "README.md").read_text("utf-8")
    assert "withheld" not in json.loads((full / "manifest.json").read_bytes())


def test_every_article_has_the_digest_of_its_text(veiled: Path) -> None:
    known = read_texts(veiled)
    assert known.keys() == {one["id"] for one in articles()}
    assert {one.characters for one in known.values()} == set(map(len, TEXTS))


def test_the_report_has_every_finding_and_no_words(full: Path, veiled: Path) -> None:
    reports = [json.loads((folder / "validation-report.json").read_bytes()) for folder in (full, veiled)]
    codes = [[finding["code"] for finding in report["findings"]] for report in reports]
    assert codes[0] == codes[1] != []
    assert reports[0]["summary"] == reports[1]["summary"]


def test_nothing_else_can_be_withheld(tmp_path: Path) -> None:
    source = write(tmp_path / "corpus", articles(1))
    with pytest.raises(SettingsError, match="only text"):
        build_release([str(source)], tmp_path / "releases", name=None, version=None, withhold=["labels"])


def test_a_card_that_quotes_an_article_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "corpus", articles(1))
    toml = source.parent / "corpus.toml"
    toml.write_text(
        toml.read_text("utf-8") + f"description = {json.dumps(TEXTS[0][80:140], ensure_ascii=False)}\n", "utf-8"
    )
    with pytest.raises(QuotedError, match="part 1/001"):
        build_release([str(source)], tmp_path / "releases", name=None, version=None, withhold=["text"])
    assert not list((tmp_path / "releases").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("start", "length", "refused"),
    [
        pytest.param(0, 40, True, id="at the start"),
        pytest.param(7, 40, True, id="anywhere"),
        pytest.param(60, 41, True, id="more"),
        pytest.param(7, 39, False, id="less"),
    ],
)
def test_how_much_is_a_quotation(start: int, length: int, refused: bool) -> None:
    text = article(1)["text"]
    pages = {"README.md": f"see {text[start : start + length]}".encode()}
    if not refused:
        refuse_quotes(pages, [("a", text)])
        return
    with pytest.raises(QuotedError):
        refuse_quotes(pages, [("a", text)])


def test_text_that_came_back_is_found(full: Path, veiled: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(veiled, tmp_path / "1.0.0")
    for view in ("articles", "articles_raw", "entities", "relations", "events", "quotations", "tokens"):
        name = f"{view}/train-00000-of-00001.parquet"
        shutil.copyfile(full / name, copy / name)
    named = [one for one in verify(copy, "logical") if one.code == "IO007"]
    assert len(named) == 7
    from corpus_tool.release.verification.evidence import Evidence
    from corpus_tool.release.verification.footers import read_footer
    from corpus_tool.release.verification.withheld_rows import stray_text

    seen = Evidence(copy, manifest(copy))
    seen.footers = {shard.path: read_footer(copy / shard.path) for shard in manifest(copy).shards}
    messages = {(Path(one.location.path).parent.name, one.message) for one in stray_text(seen)}
    assert {(view, column.partition(", in ")[2]) for view, column in messages} == {
        *((view, column) for view in ("articles", "articles_raw")
          for column in ("text", "passages.*.spans.*.text", "sentences.*.spans.*.text", "tokens.*.spans.*.text",
                         "words.*.form", "words.*.lemma", "entities.*.spans.*.text", "quotations.*.spans.*.text")),
        ("entities", "text"), ("entities", "spans.*.text"), ("relations", "arguments.*.text"),
        ("events", "trigger_text"), ("quotations", "text"), ("quotations", "spans.*.text"),
        ("quotations", "speaker_text"), ("quotations", "cue_text.*"), ("tokens", "tokens.*"),
    }  # fmt: skip


def test_a_text_that_nothing_is_said_of_is_found(veiled: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(veiled, tmp_path / "1.0.0")
    lines = (copy / "texts.jsonl").read_bytes().splitlines(keepends=True)
    (copy / "texts.jsonl").write_bytes(b"".join(lines[1:]))
    found = [one.message for one in verify(copy, "logical") if one.code == "RLS914"]
    assert found == [f"does not say what the text of article '{json.loads(lines[0])['id']}' is"]


def edited(side: Side, change: Any) -> Side:
    """A side whose first article is another."""

    def read() -> Any:
        for number, (split, one) in enumerate(side.read()):
            yield split, change(one) if number == 0 else one

    return replace(side, read=read)


def test_a_release_without_text_is_compared_by_digests(full: Path, veiled: Path) -> None:
    for old, new, change in ((full, veiled, "text withheld"), (veiled, full, "text given")):
        found = difference(released_side(old), released_side(new))
        assert dict(found.facts()) == {change: 1}
    assert difference(released_side(veiled), released_side(veiled)).empty
    working = replace(released_side(full), name="the working corpus", withheld=True)
    assert difference(released_side(veiled), working).empty


@pytest.mark.parametrize(
    ("change", "fact", "bump"),
    [
        pytest.param({"text": "Other words."}, "text changed", Bump.MAJOR, id="text"),
        pytest.param({"notes": []}, "annotation removed", Bump.MINOR, id="notes"),
    ],
)
def test_what_changes_beside_withheld_text_is_seen(
    full: Path, veiled: Path, change: dict[str, Any], fact: str, bump: Bump
) -> None:
    whole = replace(released_side(full), name="the working corpus", withheld=True)
    found = difference(released_side(veiled), edited(whole, lambda one: one | change))
    assert fact in found.facts()
    assert bump_of(found, "default") is bump


def test_the_plan_is_told_what_is_withheld(veiled: Path) -> None:
    source, releases = veiled.parents[2] / "corpus" / "articles.jsonl", veiled.parents[1]
    same = plan_release([str(source)], releases, name=None, withhold=["text"])
    assert (same.least, same.reasons) == ("1.0.1", ())
    given = plan_release([str(source)], releases, name=None)
    assert (given.least, [one.change for one in given.reasons]) == ("1.1.0", ["text given"])


CONTRACT = load_contract(None, None)
LETTERS = st.sampled_from("abA éİ🜂\r\n")
STRINGS = st.text(LETTERS, max_size=40)


@settings(max_examples=200, deadline=None)
@given(text=st.text(LETTERS, max_size=60), value=STRINGS, at=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_pieces_make_the_value_again(text: str, value: str, at: tuple[int, int]) -> None:
    near = (min(*at, len(text)), min(max(at), len(text)))
    for parts in (pieces(value, text), pieces(value, text, near)):
        assert joined(read_pieces(json.loads(json.dumps(parts))), text) == value
        own = [part for part in parts if isinstance(part, str)]
        assert not any(quotes(part, text) for part in own)
    assert not quotes(shown(pieces(value, text)) or "", text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(LETTERS, min_size=1, max_size=60), values=st.lists(STRINGS, min_size=6, max_size=6), data=st.data())
def test_an_article_is_made_whole_again(text: str, values: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    surface = data.draw(st.one_of(st.just(text[start:end]), STRINGS))
    one = {
        "id": "a", "text": text, "metadata": {"by": values[0], "language": "en", "keywords": values[1:3]},
        "tokens": [{"id": "K1", "spans": [{"start": start, "end": end, "text": text[start:end]}]}],
        "words": [{"id": "W1", "token": data.draw(st.sampled_from(["K1", "K9", None])), "form": values[3],
                   "lemma": data.draw(st.one_of(st.none(), st.just(text[start:end].lower()), STRINGS))}],
        "entities": [{"id": "T1", "type": "PER", "spans": [{"start": start, "end": end, "text": surface}]}],
        "notes": [{"id": "N1", "text": values[4], "ref": "T1"}, {"id": "N2", "text": f"{values[5]}{text}"}],
    }  # fmt: skip
    made, quoted = veil(one, CONTRACT)
    assert unveil(made, text, quoted, CONTRACT) == one
    assert made["text"] is None
    assert made["tokens"][0]["spans"] == [{"start": start, "end": end, "text": None}]
    assert not any(quotes(note["text"], text) for note in made["notes"] if note["text"] is not None)


def test_a_shape_of_its_own_is_veiled_too() -> None:
    from tests.release.sample import SCHEMA, article

    contract, one = Contract(SCHEMA), article(1)
    made, quoted = veil(one, contract)
    assert made == one | {"body": None}
    assert unveil(made, one["body"], quoted, contract) == one
