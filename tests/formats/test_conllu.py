from __future__ import annotations

import json
import random
import re
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.canonical import dumps_line
from corpus_tool.contract import load_contract
from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.conllu import EXPORTER, IMPORTER, looks_like
from corpus_tool.formats.fidelity import items
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, samples, written
from tests.generated import Shape


def every(data: bytes | str, path: str = "news/a.conllu") -> list[Imported]:
    content = data.encode() if isinstance(data, str) else data
    return list(IMPORTER.read(Source(path, "a", lambda _: content), None))


def one(data: bytes | str) -> Imported:
    (found,) = every(data)
    return found


def article(data: bytes | str) -> Article:
    found = one(data)
    assert found.findings == ()
    assert found.article is not None
    return found.article


def told(found: Imported) -> list[tuple[str, int | None, int | None]]:
    return [(each.code, each.location.line, each.location.column) for each in found.findings]


def back(made: Article) -> bytes:
    """The file that an article becomes, which has to hold all of it."""
    content, said = file_of(made)
    assert said == []
    return content


def file_of(made: Article) -> tuple[bytes, list[Loss | Finding]]:
    with TemporaryDirectory() as folder:
        said = list(EXPORTER.write([made], Path(folder), None))
        return (Path(folder) / f"{made['id']}.conllu").read_bytes(), said


def row(number: str, form: str = "x", *, head: str = "_", deps: str = "_", misc: str = "_", rel: str = "_") -> str:
    return f"{number}\t{form}\t_\t_\t_\t_\t{head}\t{rel}\t{deps}\t{misc}"


def rows(*misc: str) -> str:
    """Words called a, b, c ... that have these last cells."""
    return "".join(row(str(at), "abcdefgh"[at - 1], misc=cell) + "\n" for at, cell in enumerate(misc, 1)) + "\n"


SMALL = """\
# newdoc id = harbour
# meta::author = Desk
# meta::dateCreated = 2026-03-02
# meta::genre = news
# meta::title = Don't!
# newpar
# newpar_block = head (1 s)
# sent_id = harbour-1
# s_type = frag
# text = Don't!
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
1\tDo\tdo\tAUX\tVB\tMood=Imp|VerbForm=Fin\t0\troot\t0:root\tMSeg=do
2\tn't\tnot\tPART\tRB\t_\t1\tadvmod\t1:advmod|2.1:advmod\t_
2.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t1:conj:and\tCopyOf=1
3\t!\t!\tPUNCT\t.\t_\t1\tpunct\t1:punct\t_

# newpar
# sent_id = harbour-2
# text = Mara sails.
1\tMara\tMara\tPROPN\tNNP\tNumber=Sing\t2\tnsubj\t2:nsubj\t_
2\tsails\tsail\tVERB\tVBZ\t_\t0\troot\t0:root\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t2:punct\t_

"""


def test_article_of_a_small_file() -> None:
    made = article(SMALL)
    assert (made["id"], made["text"]) == ("harbour", "Don't!\n\nMara sails.")
    assert made["metadata"] == {
        "headlines": [{"role": "main", "value": "Don't!"}], "by": "Desk", "contentCreated": "2026-03-02",
    }  # fmt: skip
    assert [(each["id"], each["type"], each["spans"][0]["text"]) for each in made["passages"]] == [
        ("P1", "headline", "Don't!"), ("P2", "paragraph", "Mara sails."),
    ]  # fmt: skip
    assert [each["id"] for each in made["sentences"]] == ["harbour-1", "harbour-2"]
    assert [(each["id"], each["spans"][0]["text"]) for each in made["tokens"][:3]] == [
        ("K1:1-2", "Don't"), ("K1:3", "!"), ("K2:1", "Mara"),
    ]  # fmt: skip
    assert made["words"][:3] == [
        {"id": "W1:1", "token": "K1:1-2", "form": "Do", "lemma": "do", "upos": "AUX", "xpos": "VB",
         "feats": [{"name": "Mood", "value": "Imp"}, {"name": "VerbForm", "value": "Fin"}], "deprel": "root",
         "deps": [{"rel": "root"}], "misc": [{"name": "MSeg", "value": "do"}]},
        {"id": "W1:2", "token": "K1:1-2", "form": "n't", "lemma": "not", "upos": "PART", "xpos": "RB", "head": "W1:1",
         "deprel": "advmod", "deps": [{"head": "W1:1", "rel": "advmod"}, {"head": "W1:2.1", "rel": "advmod"}]},
        {"id": "W1:2.1", "form": "go", "lemma": "go", "upos": "VERB", "xpos": "VB",
         "deps": [{"head": "W1:1", "rel": "conj:and"}], "misc": [{"name": "CopyOf", "value": "1"}]},
    ]  # fmt: skip
    notes = [(each.get("type"), each.get("ref"), each["text"]) for each in made["notes"]]
    assert notes == [
        ("s_type", "harbour-1", "frag"), ("newpar_block", "P1", "head (1 s)"), ("meta::genre", None, "news"),
    ]  # fmt: skip
    assert "entities" not in made
    assert back(made) == SMALL.encode()


def test_places_are_lines_of_the_file() -> None:
    places = one(SMALL).places
    assert places["/words/0"] == (12, 1)
    assert places["/tokens/0"] == (11, 1)
    assert places["/tokens/2"] == (20, 1)
    assert places["/sentences/1"] == (17, 1)
    assert set(places) == {pointer for pointer in places if pointer in places}
    assert not {"", "/words", "/words/99", "/words/00", "/words/x", "/nothing/0"} & set(places)
    assert all(pointer not in places for pointer in ("", "/words", "/words/99", "/words/00", "/words/x", "/nothing/0"))


SPACED = {
    "a space by default": ("_", "_", "a b"),
    "none": ("SpaceAfter=No", "_", "ab"),
    "spelt out": (r"SpacesAfter=\s\t\n\r\p\\", "_", "a \t\n\r|\\b"),
    "spelt out as none": ("SpacesAfter=", "_", "ab"),
    "before the first": (r"SpacesBefore=\n", "_", "\na b"),
    "before another": ("_", r"SpacesBefore=\s", "a  b"),
    "behind the last": ("_", r"SpacesAfter=\n", "a b\n"),
    "none behind the last": ("_", "SpaceAfter=No", "a b"),
    "inside": (r"SpacesInToken=a\s\na", "_", "a \na b"),
    "signs that look like line ends": ("SpacesAfter=\u2028\x85", "_", "a\u2028\x85b"),
}


@pytest.mark.parametrize(("first", "second", "text"), SPACED.values(), ids=SPACED)
def test_white_space(first: str, second: str, text: str) -> None:
    made = article(rows(first, second))
    assert made["text"] == text
    for token in made["tokens"]:
        span = token["spans"][0]
        assert span["text"] == text[span["start"] : span["end"]]
    again = article(back(made))
    assert (again["text"], items(again)["tokens"]) == (text, items(made)["tokens"])


def test_paragraphs_are_apart_whatever_their_last_token_says() -> None:
    made = article(rows("SpaceAfter=No") + "# newpar\n" + rows("SpaceAfter=No"))
    assert made["text"] == "a\n\na"
    assert back(made).count(b"SpaceAfter=No") == 2


def test_text_that_says_otherwise_about_white_space_is_taken() -> None:
    found = one("# text = ab  c\n" + rows("_", "_", "SpaceAfter=No"))
    assert found.article is not None
    assert (found.article["text"], told(found)) == ("ab  c", [("IO020", 1, 1)])


def test_text_of_other_words_is_kept_as_a_note() -> None:
    found = one("# sent_id = s\n# text = other\n" + rows("_", "_"))
    assert found.article is not None
    assert (found.article["text"], told(found)) == ("a b", [("IO020", 2, 1)])
    assert "# text = other\n" in back(found.article).decode()


def test_text_with_white_space_spelt_another_way_is_the_same() -> None:
    made = article("# text = a b\n" + rows(r"SpacesAfter=\s\n", "_"))
    assert made["text"] == "a \nb"


FAULTS = {
    "columns": ("1\ta\t_\n" + rows("_"), [("IO019", 1, 1)]),
    "an id": (row("x") + "\n" + rows("_"), [("IO019", 1, 1)]),
    "a number left out": (row("1") + "\n" + row("3") + "\n", [("IO019", 2, 1)]),
    "a number again": (row("1") + "\n" + row("1") + "\n", [("IO019", 2, 1)]),
    "a head outside": (row("1", head="2") + "\n", [("IO019", 1, 13)]),
    "an enhanced head outside": (row("1", deps="0:root|7:x") + "\n", [("IO019", 1, 17)]),
    "an enhanced dependency without a head": (row("1", deps="root") + "\n", [("IO019", 1, 17)]),
    "an empty form": (row("1", "") + "\n", [("IO019", 1, 3)]),
    "a range behind its words": (row("1") + "\n" + row("1-2") + "\n" + row("2") + "\n", [("IO019", 2, 1)]),
    "a range without its words": (row("1-2") + "\n" + row("1") + "\n", [("IO019", 2, 1)]),
    "an empty node elsewhere": (row("1") + "\n" + row("4.1") + "\n", [("IO019", 2, 1)]),
    "a comment between rows": (row("1") + "\n# s = t\n" + row("2") + "\n", [("IO019", 2, 1)]),
    "a sent_id twice": ("# sent_id = s\n" + rows("_") + "# sent_id = s\n" + rows("_"), [("IO020", 4, 1)]),
    "comments alone": (rows("_") + "# sent_id = s\n\n", [("IO019", 3, 1)]),
    "a bracket that closes nothing": ("# global.Entity = eid\n" + rows("Entity=e1)"), [("IO019", 2, 19)]),
    "a bracket that stays open": ("# global.Entity = eid\n" + rows("Entity=(e1"), [("IO019", 2, 1)]),
    "no bracket": ("# global.Entity = eid\n" + rows("Entity=e1"), [("IO019", 2, 19)]),
    "a mention of nothing": ("# global.Entity = etype-eid\n" + rows("Entity=(PER)"), [("IO019", 2, 19)]),
    "a piece without the first": ("# global.Entity = eid\n" + rows("Entity=(e1[2/2])"), [("IO019", 2, 19)]),
    "a piece of several": ("# global.Entity = eid\n" + rows("Entity=(e1[1/2])"), [("IO019", 2, 1)]),
    "fields without the entity": ("# global.Entity = etype\n" + rows("Entity=(PER)"), [("IO019", 1, 1)]),
    "no fields": (rows("Entity=(e1-PER)"), [("IO020", 1, 1)]),
    "Entity twice": ("# global.Entity = eid\n" + rows("Entity=(e1)|Entity=(e2)"), [("IO019", 2, 19)]),
    "a bridge to nothing": ("# global.Entity = eid\n" + rows("Bridge=e2<e1|Entity=(e1)"), [("IO020", 2, 1)]),
    "line ends of two bytes": (rows("_").replace("\n", "\r\n"), [("IO020", 1, 1)]),
    "a byte order mark": ("\ufeff" + rows("_"), [("IO004", 1, 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("data", "findings"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_told_with_its_place(data: str, findings: list[Any]) -> None:
    found = one(data)
    assert found.article is not None
    assert told(found) == findings


def test_a_bridge_to_nothing_stays_with_its_word() -> None:
    found = one("# global.Entity = eid\n" + rows("Bridge=e2<e1|Entity=(e1)"))
    assert found.article is not None
    assert found.article["words"][0]["misc"] == [{"name": "Bridge", "value": "e2<e1"}]
    assert b"Bridge=e2<e1|Entity=(e1)" in back(found.article)


REFUSED = {
    "nothing": (b"", "IO019", 1, 1),
    "blank lines": (b"\n\n\n", "IO019", 1, 1),
    "not UTF-8": (b"# text = a\n1\tM\xc3\xb6\xff\n\n", "IO001", 2, 5),
    "CoNLL-U Plus": (b"# global.columns = ID FORM\n1\ta\n\n", "IO019", 1, 1),
    "only comments": (b"# newdoc id = x\n\n", "IO019", 1, 1),
}


@pytest.mark.parametrize(("data", "code", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_article(data: bytes, code: str, line: int, column: int) -> None:
    found = one(data)
    assert found.article is None
    assert (code, line, column) in told(found)
    assert all(each.severity is Severity.ERROR for each in found.findings)


def test_one_broken_article_does_not_spoil_the_others() -> None:
    data = b"".join(
        b"# newdoc id = %s\n" % name + rows("_").replace("a", form).encode("latin-1")
        for name, form in ((b"one", "a"), (b"two", "\xff"), (b"three", "a"))
    )
    found = every(data)
    assert [each.article and each.article["id"] for each in found] == ["one", None, "three"]


def test_articles_without_an_id_are_numbered() -> None:
    data = rows("_") + "# newdoc\n" + rows("_") + "# newdoc id = n\n" + rows("_") + "# newdoc\n" + rows("_")
    assert [each.article and each.article["id"] for each in every(data)] == ["a", "a-0001", "n", "a-0002"]


def test_an_article_comes_before_the_next_is_read() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return ("# newdoc\n" + rows("_")).encode() * 100

    stream = IMPORTER.read(Source("a", "a", lambda _: None, Endless), None)
    assert [next(stream).path for _ in range(1000)] == ["a"] * 1000


def test_a_file_without_blank_lines_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus_tool.formats.conllu.blocks.LONGEST", 1 << 12)
    monkeypatch.setattr("corpus_tool.formats.conllu.blocks.CHUNK", 1 << 10)
    found = one(b"1\ta\n" * 5000)
    assert (found.article, told(found)) == (None, [("IO019", 1, 1)])


@given(st.integers(1, 40), st.booleans())
@settings(max_examples=30, deadline=None)
def test_where_blocks_are_cut_changes_nothing(size: int, returns: bool) -> None:
    data = (SMALL * 2).replace("\n", "\r\n" if returns else "\n").encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus_tool.formats.conllu.blocks.CHUNK", size)
        found = every(data)
    assert [each.article for each in found] == [each.article for each in every(SMALL * 2)]
    assert [told(each) for each in found] == [[], [("IO020", 1, 1)] if returns else []]


MENTIONS = {
    "one word": (["Entity=(e1-PER)"], [("e1", "PER", ["a"])]),
    "nested": (["Entity=(e1-PER(e2-LOC)", "Entity=e1)"], [("e1", "PER", ["a b"]), ("e2", "LOC", ["a"])]),
    "crossing": (
        ["Entity=(e1-PER", "Entity=(e2-LOC", "Entity=e1)", "Entity=e2)"],
        [("e1", "PER", ["a b c"]), ("e2", "LOC", ["b c d"])],
    ),
    "in pieces": (
        ["Entity=(e1[1/2]-PER)", "_", "Entity=(e1[2/2]-PER", "Entity=e1[2/2])"], [("e1", "PER", ["a", "c d"])],
    ),
    "without a type": (["Entity=(e1--1-nptype:np)"], [("e1", "mention", ["a"])]),
    "of several words and one": (
        ["Entity=(e1-PER", "Entity=(e2-LOC)e1)"], [("e1", "PER", ["a b"]), ("e2", "LOC", ["b"])],
    ),
    "with escapes": (["Entity=(e%2D1-A%28B)"], [("e-1", "A(B", ["a"])]),
    "with what looks like an escape": (["Entity=(e1-A%41%252D)"], [("e1", "A%41%2D", ["a"])]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "entities"), MENTIONS.values(), ids=MENTIONS)
def test_mentions(cells: list[str], entities: list[Any]) -> None:
    data = "# newdoc id = a\n# global.Entity = eid-etype-head-other\n" + rows(*cells)
    made = article(data)
    assert [(e["id"], e["type"], [span["text"] for span in e["spans"]]) for e in made["entities"]] == entities
    assert made["coreference"] == []
    assert article(back(made))["entities"] == made["entities"]


def test_mentions_of_one_entity_are_a_chain() -> None:
    data = "# global.Entity = eid-etype\n# sent_id = s1\n" + rows("Entity=(e1-PER(e1-PER)", "Entity=e1)(e1-PER)")
    made = article(data)
    assert made["coreference"] == [
        {"id": "e1", "type": "identity", "mentions": ["Ts1:1-2", "Ts1:1", "Ts1:2"], "prov": "A1"}
    ]
    assert article(back(made))["coreference"] == made["coreference"]


def test_an_entity_called_like_a_sentence_has_an_id_of_its_own() -> None:
    data = "# newdoc id = a\n# global.Entity = eid\n# sent_id = 1\n# text = a\n" + rows("Entity=(1)")
    made = article(data)
    assert made["entities"][0]["id"] == "e:1"
    assert back(made).decode() == data


def test_mentions_of_empty_nodes_and_of_half_a_token() -> None:
    data = "\n".join([
        "# newdoc id = a", "# global.Entity = eid-etype-head", "# sent_id = s", "# text = zum Hafen", row("1-2", "zum"),
        row("1", "zu", misc="Entity=(e1-A-1)"), row("2", "dem", misc="Entity=(e2-B-2"), row("3", "Hafen", misc="Entity=e2)"),
        row("3.1", "_", misc="Entity=(e3-C-1)"), "\n",
    ])  # fmt: skip
    made = article(data)
    assert [(e["type"], e["spans"][0]["start"], e["spans"][0]["text"]) for e in made["entities"]] == [
        ("A", 0, "zum"), ("B", 0, "zum Hafen"), ("C", 9, ""),
    ]  # fmt: skip
    assert back(made).decode() == data


def test_relations_between_entities() -> None:
    cells = ["Entity=(e1-A)", "Entity=(e2-A)", "Bridge=e1<e3:part|Entity=(e3-B)|SplitAnte=e1<e3,e2<e3"]
    data = "# newdoc id = a\n# global.Entity = eid-etype\n# sent_id = S1\n# text = a b c\n" + rows(*cells)
    made = article(data)
    assert [(r["type"], [(each["role"], each["ref"]) for each in r["arguments"]]) for r in made["relations"]] == [
        ("bridging:part", [("anaphor", "e3"), ("antecedent", "e1")]),
        ("split-antecedent", [("anaphor", "e3"), ("antecedent", "e1"), ("antecedent", "e2")]),
    ]
    assert back(made).decode() == data


def test_what_stands_on_the_row_of_a_range_is_kept() -> None:
    range_row = "1-2\tab\t_\t_\t_\tTypo=Yes\t_\t_\t_\tGloss=x|Odd"
    data = f"# newdoc id = a\n# sent_id = s\n# text = ab\n{range_row}\n" + rows("_", "_")
    made = article(data)
    assert [(note["type"], note["ref"], note["text"]) for note in made["notes"]] == [
        ("FEATS", "Ks:1-2", "Typo=Yes"), ("MISC", "Ks:1-2", "Gloss=x|Odd"),
    ]  # fmt: skip
    assert back(made).decode() == data


def paths() -> list[Path]:
    return sorted((corpora("gum-news") / "conllu").glob("*.conllu"))


def test_gum_goes_out_as_it_came_in(tmp_path: Path) -> None:
    contract = load_contract(None, None)
    made = [article(path.read_bytes()) for path in paths()]
    canonical = [json.loads(dumps_line(each, contract)) for each in made]
    for number, articles in enumerate((made, canonical)):
        folder = tmp_path / str(number)
        assert list(EXPORTER.write(articles, folder, None)) == []
        for path in paths():
            assert (folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_gum_in_one_file_is_the_same_articles() -> None:
    together = every(b"".join(path.read_bytes() for path in paths()))
    assert [each.article for each in together] == [article(path.read_bytes()) for path in paths()]


def test_declared() -> None:
    check_declared("conllu")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_random_articles_come_back(shape: Shape) -> None:
    check_kept("conllu", shape)


TEXT = "Mara Quill sailed."


def entity(name: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "PER", "spans": [{"start": start, "end": end, "text": TEXT[start:end]}], **more}


def token(name: str, start: int, end: int) -> dict[str, Any]:
    return {"id": name, "spans": [{"start": start, "end": end, "text": TEXT[start:end]}]}


TOKENS = [token("K1", 0, 4), token("K2", 5, 10), token("K3", 11, 18)]
LOST: dict[str, tuple[dict[str, Any], str]] = {
    "an entity that crosses tokens": (
        {"tokens": TOKENS, "entities": [entity("T1", 0, 7)]}, "entities that do not stand on whole tokens",
    ),
    "an overlapping token": ({"tokens": [*TOKENS, token("K4", 3, 6)]}, "tokens that overlap another"),
    "a token without a character": ({"tokens": [*TOKENS, token("K4", 18, 18)]}, "tokens without a character"),
    "a sentence that ends in a token": (
        {"tokens": TOKENS, "sentences": [token("S1", 0, 7)]}, "sentences that begin or end elsewhere than a token",
    ),
    "a note on a token": (
        {"tokens": TOKENS, "notes": [{"id": "N1", "ref": "K1", "text": "x"}]}, "notes on what has no comments",
    ),
    "a relation of what is lost": (
        {"tokens": TOKENS, "entities": [entity("T1", 0, 7), entity("T2", 0, 4)], "relations": [
            {"id": "R1", "type": "Near", "arguments": [{"role": "A", "ref": "T1"}, {"role": "B", "ref": "T2"}]}
        ]}, "relations of what is not written",
    ),
    "a head in another sentence": (
        {"tokens": TOKENS, "sentences": [token("S1", 0, 4), token("S2", 5, 18)], "words": [
            {"id": "W1", "token": "K1", "form": "Mara", "head": "W2"}, {"id": "W2", "token": "K2", "form": "Quill"},
        ]}, "heads in another sentence",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layers", "what"), LOST.values(), ids=LOST)
def test_what_is_lost_is_counted(layers: dict[str, Any], what: str) -> None:
    content, said = file_of({"id": "m", "text": TEXT, **layers})
    assert what in {loss.what for loss in said if isinstance(loss, Loss)}
    assert article(content)["text"] == TEXT


CHAINS = {
    "a second chain": [("C1", ["T1", "T2"]), ("C2", ["T2", "T3"])],
    "crossing": [("C1", ["T1", "T2", "T3", "T4"])],
    "one mention": [("C1", ["T1"])],
    "in pieces": [("C1", ["T5", "T1", "T4"])],
}


@pytest.mark.parametrize("chains", CHAINS.values(), ids=CHAINS)
def test_chains_come_back(chains: list[tuple[str, list[str]]]) -> None:
    pieces = [*entity("T5", 0, 4)["spans"], *entity("T5", 11, 18)["spans"]]
    made = {
        "id": "m", "text": TEXT, "tokens": TOKENS,
        "entities": [
            entity("T1", 0, 10), entity("T2", 5, 18), entity("T3", 0, 4), entity("T4", 5, 10),
            {"id": "T5", "type": "PER", "spans": pieces},
        ],
        "coreference": [
            {"id": name, "type": "near", "mentions": mentions, "representative": mentions[-1]} for name, mentions in chains
        ],
    }  # fmt: skip
    again = article(back(made))
    assert {one["id"]: one["spans"] for one in again["entities"]} == {
        one["id"]: one["spans"] for one in made["entities"]
    }
    found = {
        (one["id"], one["type"], one["representative"], frozenset(one["mentions"])) for one in again["coreference"]
    }
    assert found == {(name, "near", mentions[-1], frozenset(mentions)) for name, mentions in chains}


def test_a_token_without_a_word_comes_back_without_one() -> None:
    words = [
        {"id": "W1", "token": "K1", "form": "Mara"},
        {"id": "W2", "token": "K3", "form": "sailed", "deprel": "root"},
    ]
    made = {"id": "m", "text": TEXT, "tokens": TOKENS, "words": words, "entities": [entity("T1", 5, 10)]}
    again = article(back(made))
    assert [word["form"] for word in again["words"]] == ["Mara", "sailed"]
    assert again["entities"][0]["spans"] == made["entities"][0]["spans"]  # type: ignore[index]


def test_an_article_without_tokens_gets_rows_and_keeps_having_none() -> None:
    made = {"id": "m", "text": TEXT, "entities": [entity("T1", 2, 7, confidence=0.5)]}
    content = back(made)
    assert b"Ma\t" in content
    again = article(content)
    assert again["entities"] == [{**made["entities"][0]}]  # type: ignore[index]
    assert not {"tokens", "words", "sentences"} & again.keys()


@pytest.mark.parametrize("text", ["", " ", "\n\t\u2028\\s"])
def test_an_article_without_words(text: str) -> None:
    assert article(back({"id": "m", "text": text, "entities": []}))["text"] == text


def test_an_entity_that_was_deleted_leaves_the_rest_as_it_was() -> None:
    made = article(SMALL.replace("# newpar\n# sent_id = harbour-2", "# sent_id = harbour-2"))
    made["notes"] = [note for note in made["notes"] if note.get("type") != "s_type"]
    assert (
        back(made)
        == SMALL.replace("# newpar\n# sent_id = harbour-2", "# sent_id = harbour-2")
        .replace("# s_type = frag\n", "")
        .encode()
    )


def test_two_ids_for_one_file_are_refused(tmp_path: Path) -> None:
    said = written(
        "conllu", [{"id": "a", "text": "x"}, {"id": "A", "text": "y"}, {"id": "../b", "text": "z"}], tmp_path
    )
    assert [one.code for one in said if isinstance(one, Finding)] == ["IO010", "IO010"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.conllu"]


def test_the_library_reads_what_is_written(tmp_path: Path) -> None:
    conllu = pytest.importorskip("conllu")
    written("conllu", samples(), tmp_path)
    for path in sorted(tmp_path.glob("*.conllu")):
        content = path.read_bytes().decode()
        made, sentences = article(content), conllu.parse(content)
        assert sentences[0].metadata["newdoc id"] == made["id"]
        found = [word for sentence in sentences for word in sentence]
        if "words" in made:
            assert [word["form"] for word in found if not _is_range(word)] == [word["form"] for word in made["words"]]
            heads = [word["head"] for word in found if isinstance(word["id"], int)]
            assert sum(head not in {0, None} for head in heads) > len(heads) / 2
        chains = {name for sentence in sentences for name in re.findall(r"\((C[0-9]+)-", sentence.serialize())}
        assert chains == {chain["id"] for chain in made.get("coreference", ())}


def _is_range(word: Any) -> bool:
    return isinstance(word["id"], tuple) and word["id"][1] == "-"


LIBRARY = {
    "keeps the last of two comments alike": ("# a = 1\n# a = 2\n", "_"),
    "drops free comments": ("# hello\n", "_"),
    "keeps the last of two items alike": ("", "A=1|A=2"),
    "takes an empty value for none": ("", "A="),
    "strips what it takes for a blank line's": ("", "SpacesAfter=\xa0"),
}


@pytest.mark.parametrize(("comments", "misc"), LIBRARY.values(), ids=LIBRARY)
def test_what_the_library_loses_is_kept_here(comments: str, misc: str) -> None:
    conllu = pytest.importorskip("conllu")
    data = f"# newdoc id = a\n# sent_id = s\n{comments}# text = a\n" + rows(misc)
    content = back(article(data)).decode()
    assert content == data
    assert "".join(sentence.serialize() for sentence in conllu.parse(data)) != data


NAMED = {
    "a file": ("a.conllu", SMALL, True),
    "without its name": ("a.txt", SMALL, True),
    "rows without comments": ("a.txt", rows("_"), False),
    "rows without comments, by name": ("a.conllu.gz", rows("_"), True),
    "CoNLL-U Plus": ("a.conllu", "# global.columns = ID\n" + rows("_"), False),
    "other columns": ("a.conllu", "# text = a\n1\ta\tb\n", False),
    "prose": ("a.conllu", "Rain.", False),
    "nothing": ("a.conllu", "", False),
}


@pytest.mark.parametrize(("name", "head", "expected"), NAMED.values(), ids=NAMED)
def test_looks_like(name: str, head: str, expected: bool) -> None:
    assert looks_like(name, head.encode()) is expected


PARTS = st.sampled_from([
    b"\n", b"\t", b"\n\n", b"\r\n", b"(", b")", b"|", b"=", b"-", b"\0", b"\xff", b"Entity=(e9[1/2]-x)", b"# newdoc\n",
    b"9-8", b"\xe2\x80\xa8", b"# meta::layers = tokens\n", b"# passage = id:a,type:b,sentences:3\n", b"Bridge=1<2",
    b"# global.Entity = eid-etype\n", b"# meta::relation = id:R,type:x,arg:A=T\n", b"1.1\t", b"99999999999999999999",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.lists(PARTS, max_size=8), st.binary(max_size=20))
def test_whatever_a_file_holds_is_an_article_or_a_finding(seed: int, parts: list[bytes], noise: bytes) -> None:
    pick = random.Random(seed)
    data = bytearray(SMALL.encode() + ENTITIES)
    for part in [*parts, noise]:
        at = pick.randrange(len(data))
        data[at : at + pick.choice([0, 0, 5, 30])] = part
    for found in every(bytes(data)):
        assert found.article is not None or found.findings
        if found.article is not None:
            content, said = file_of({**found.article, "id": "x"})
            (again,) = every(content)
            assert again.article is not None
            assert again.article["text"] == found.article["text"]
            assert said or file_of(again.article)[0] == content


ENTITIES = (
    b"# newdoc id = e\n# global.Entity = eid-etype-head-other\n# sent_id = e-1\n"
    + rows(
        "Entity=(e1-PER-1-a:b", "Entity=(e2-LOC)", "Entity=e1)", "Bridge=e1<e2|Entity=(e2-LOC)", "Entity=(e3[1/2])", "_",
        "Entity=(e3[2/2])",
    ).encode()
)  # fmt: skip


def test_long_cells_take_no_long_time() -> None:
    """Each of these took time by the square of its length in a pattern that tries every place."""
    long = 200_000
    for cell in ("Entity=" + "a" * long, "Entity=" + "(" * 2000, "a|" * long, "Entity=(e" + "%25" * long + ")"):
        assert every("# global.Entity = eid\n" + rows(cell))
    assert every("# " + "a " * long + "\n" + rows("_"))
    assert every(("# sent_id = s\n" + rows("_")) * 3000)
