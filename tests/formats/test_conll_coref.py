from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.conll_coref import ABOUT, EXPORTER, FILE, IMPORTER
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, there_and_back
from tests.generated import Shape

TYPED = """# begin document harbour
0\tMara\t(person-1-Mara%2DQuill
1\tQuill\tperson-1-Mara%2DQuill)
2\tsaw\t_
3\ther\t(person-1-Mara%2DQuill)(person-2
4\tmother\tperson-2)
# end document

# begin document later
0\tOslo\t(place-4-wikidata:Q585)
# end document
"""

CONLL_2012 = """#begin document (bc/news/01); part 000
bc/news/01   0   0   Mara   NNP  (TOP(S*  -  -  -  Speaker  (PERSON*  (ARG0*  (12
bc/news/01   0   1   Quill  NNP  *        -    -   -  Speaker  *)        *)     12)
bc/news/01   0   2   saw    VBD  *        see  01  2  Speaker  *         (V*)    -
bc/news/01   0   3   her    PRP  *        -  -  -  Speaker  *         *      (12)|(3
bc/news/01   0   4   mother NN   *))      -  -  -  Speaker  *         *       3)

bc/news/01   0   0   She    PRP  (TOP*)   -  -  -  Speaker  *         (3)

#end document
#begin document (bc/news/01); part 001
bc/news/01   1   0   So     RB   (TOP*)   -  -  -  Speaker  *         -

#end document
"""


def imported(data: bytes | str) -> list[Imported]:
    held = data.encode() if isinstance(data, str) else data
    return list(IMPORTER.read(Source("news.conll", "news", lambda _: held), None))


def articles(data: bytes | str) -> list[Article]:
    return [one.article for one in imported(data) if one.article is not None]


def shown(one: Article) -> list[tuple[Any, ...]]:
    for entity in one["entities"]:
        (span,) = entity["spans"]
        assert one["text"][span["start"] : span["end"]] == span["text"]
    return [
        (
            entity["type"],
            entity["spans"][0]["text"],
            *(f"{link['db']}:{link['id']}" for link in entity.get("links", ())),
        )
        for entity in one["entities"]
    ]


def chains(one: Article) -> dict[str, list[str]]:
    words = {entity["id"]: entity["spans"][0]["text"] for entity in one["entities"]}
    return {chain["id"]: [words[name] for name in chain["mentions"]] for chain in one["coreference"]}


def test_types_and_names() -> None:
    one, two = articles(TYPED)
    assert (one["id"], two["id"]) == ("harbour", "later")
    assert one["text"] == "Mara Quill saw her mother"
    assert shown(one) == [
        ("person", "Mara Quill", "wikipedia:Mara-Quill"), ("person", "her mother"), ("person", "her", "wikipedia:Mara-Quill"),
    ]  # fmt: skip
    assert chains(one) == {"C1": ["Mara Quill", "her"]}
    assert shown(two) == [("place", "Oslo", "wikidata:Q585")]
    assert (two["coreference"], "sentences" in one) == ([], False)


def test_conll_2012() -> None:
    one, two = articles(CONLL_2012)
    assert (one["id"], two["id"]) == ("bc/news/01", "bc/news/01-001")
    assert one["text"] == "Mara Quill saw her mother\nShe"
    assert [each["spans"][0]["text"] for each in one["sentences"]] == ["Mara Quill saw her mother", "She"]
    assert chains(one) == {"C12": ["Mara Quill", "her"], "C3": ["her mother", "She"]}
    assert imported(CONLL_2012)[0].places["/entities/4"] == (8, 1)
    assert shown(one) == [
        ("mention", "Mara Quill"), ("PERSON", "Mara Quill"), ("mention", "her mother"), ("mention", "her"), ("mention", "She"),
    ]  # fmt: skip
    assert [(word["form"], word["xpos"], word.get("lemma")) for word in one["words"]] == [
        ("Mara", "NNP", None), ("Quill", "NNP", None), ("saw", "VBD", "see"), ("her", "PRP", None), ("mother", "NN", None),
        ("She", "PRP", None),
    ]  # fmt: skip
    assert [word["token"] for word in one["words"]] == [token["id"] for token in one["tokens"]]


def test_what_no_article_holds_is_counted() -> None:
    one, two = imported(CONLL_2012)
    assert one.losses == (
        Loss("parse trees", 2, "(TOP(S*****))"), Loss("speakers of sentences", 2, "Speaker"),
        Loss("arguments of predicates", 1, "Mara ARG0"), Loss("framesets of predicates", 1, "saw 01"),
        Loss("senses of words", 1, "saw 2"),
    )  # fmt: skip
    assert [loss.what for loss in two.losses] == ["parse trees", "speakers of sentences"]
    (odd,) = imported("0\tMara\tNNP\tB-PER\t(1)\n1\tsaw\tVBD\t_\t_\n")
    assert odd.losses == (Loss("column 3", 2, "NNP"), Loss("column 4", 1, "B-PER"))


@pytest.mark.parametrize(
    ("cells", "found", "lines"),
    [
        (["(PERSON*", "*", "*)"], [("PERSON", "a b c")], []),
        (["(GPE)", "*", "(DATE)"], [("GPE", "a"), ("DATE", "c")], []),
        (["(ORG(GPE)", "*)", "-"], [("ORG", "a b"), ("GPE", "a")], []),
        (["(GPE*", "*", "*"], [], [1]),
        (["*", "*)", "PERSON"], [], [2, 3]),
    ],
    ids=["several", "one", "within", "open", "faulty"],
)
def test_names(cells: list[str], found: list[Any], lines: list[int]) -> None:
    rows = (
        f"x 0 {at} {word} NN * - - - - {cell} -\n" for at, (word, cell) in enumerate(zip("abc", cells, strict=True))
    )
    (one,) = imported("".join(rows))
    assert one.article is not None
    assert (shown(one.article), [each.location.line for each in one.findings]) == (found, lines)
    assert one.article["coreference"] == []


def test_what_was_read_comes_back() -> None:
    before = articles(TYPED + "\n" + CONLL_2012.replace("; part 000", "; part 002"))
    kept = [{layer: items for layer, items in one.items() if layer != "words"} for one in before]
    assert there_and_back("conll-coref", before) == kept


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("0\ta\t(1\n", [("IO019", 1)]),
        ("0\ta\t1)\n", [("IO019", 1)]),
        ("0\ta\t1\n", [("IO019", 1)]),
        ("0\ta\t(person)\n", [("IO019", 1)]),
        ("0\ta\t()\n", [("IO019", 1)]),
        ("0\ta\t(1)\nb\n", [("IO009", 2)]),
        ("0\ta\t(1)\n1\tb\t_\t_\t_\n", [("IO009", 2)]),
        ("0\ta\t(1(2\n1\tb\t1)\n2\tc\t2)\n", []),
        (b"0\t\xff\t_\n", [("IO001", 1)]),
        ("", []),
    ],
    ids=["open", "close", "bare", "no-number", "empty", "one-cell", "other-width", "crossing", "not-utf8", "nothing"],
)
def test_what_is_wrong_is_found(data: str | bytes, codes: list[tuple[str, int]]) -> None:
    (one,) = imported(data)
    assert [(found.code, found.location.line) for found in one.findings] == codes


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_random_bytes_never_raise(data: bytes) -> None:
    check(imported(data))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damage_never_raises(data: st.DataObject) -> None:
    whole = (TYPED + CONLL_2012).encode()
    at = data.draw(st.integers(0, len(whole)))
    behind = data.draw(st.integers(at, min(len(whole), at + 60)))
    check(imported(whole[:at] + data.draw(st.binary(max_size=8)) + whole[behind:]))


def check(found: list[Imported]) -> None:
    assert found
    for one in found:
        assert one.article is not None or one.findings
        if one.article is not None and "entities" in one.article:
            shown(one.article)
            names = [entity["id"] for entity in one.article["entities"]]
            assert len(set(names)) == len(names)


def test_declared() -> None:
    check_declared("conll-coref")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_kept(shape: Shape) -> None:
    check_kept("conll-coref", shape)


TEXT = "Mara Quill saw her"


def entity(name: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "X", "spans": [{"start": start, "end": end, "text": TEXT[start:end]}], **more}


@pytest.mark.parametrize(
    ("layers", "lost"),
    [
        ({"entities": [entity("T1", 0, 4, links=[{"db": "geonames", "id": "1"}])]}, "links to other than wikipedia and wikidata"),
        ({"entities": [entity("T1", 0, 4, links=[{"db": "wikidata", "id": "Q1"}, {"db": "wikidata", "id": "Q2"}])]},
         "more links than one"),
        ({"entities": [entity("T1", 0, 4)], "coreference": [{"id": "C1", "type": "part", "mentions": ["T1"]}]},
         "chains of other kinds than identity: they come back as identity"),
        ({"entities": [entity("T1", 0, 4)],
          "coreference": [{"id": "C1", "mentions": ["T1"]}, {"id": "C2", "mentions": ["T1"]}]},
         "mentions of several chains: the first is written"),
        ({"entities": [entity("T1", 0, 10), entity("T2", 5, 18)], "coreference": [{"id": "C1", "mentions": ["T1", "T2"]}]},
         "mentions that cross another of their chain"),
    ],
    ids=["base", "links", "kind", "chains", "crossing"],
)  # fmt: skip
def test_losses_are_counted(layers: dict[str, Any], lost: str, tmp_path: Path) -> None:
    told = list(EXPORTER.write([{"id": "a", "text": TEXT, **layers}], tmp_path, None))
    assert [(loss.what, loss.count) for loss in told if isinstance(loss, Loss)] == [(lost, 1)]


def test_lines_are_written(tmp_path: Path) -> None:
    one = {"id": "a", "text": TEXT + ".", "metadata": {"language": "en"}, "coreference": [{"id": "x", "mentions": ["T1", "T2"]}],
           "entities": [entity("T1", 0, 10, type="a-b"), entity("T2", 15, 18), entity("T3", 0, 4)]}  # fmt: skip
    assert list(EXPORTER.write([one], tmp_path, None)) == []
    assert (tmp_path / FILE).read_text() == (
        "# begin document a\n# layers = entities coreference\n# language = en\n"
        "0\tMara\t_\t(a%2Db-1(X-2)\n1\tQuill\t_\ta%2Db-1)\n2\tsaw\t_\t_\n3\ther\tSpaceAfter=No\t(X-1)\n4\t.\t_\t_\n"
        "# end document\n"
    )


def test_what_cannot_be_written(tmp_path: Path) -> None:
    told = list(EXPORTER.write([{"id": "a", "text": "\ud800"}], tmp_path, None))
    assert [(one.code, one.location.article) for one in told if isinstance(one, Finding)] == [("IO001", "a")]
    with pytest.raises(StoreError):
        list(EXPORTER.write([], tmp_path, None))


@pytest.mark.parametrize(
    ("head", "looks"),
    [(TYPED.encode(), True), (CONLL_2012.encode(), True), (b"# begin\n", False), (b"0\ta\t(1)\n", False)],
)
def test_looks_like(head: bytes, *, looks: bool) -> None:
    assert ABOUT.looks_like is not None
    assert ABOUT.looks_like("a.conll", head) is looks


Mention = tuple[int, int, str]


def of_conllu(path: Path) -> tuple[list[str], Counter[Any], Counter[tuple[Mention, ...]]]:
    """Words, mentions and clusters of the CoNLL-U of a document, read by a few lines of its own."""
    words: list[str] = []
    opened: list[tuple[str, int, str, str | None]] = []
    found: Counter[Any] = Counter()
    clusters = defaultdict(list)
    for line in path.read_text().split("\n"):
        cells = line.split("\t")
        if len(cells) != 10 or not cells[0].isdecimal():
            continue
        words.append(cells[1])
        said = next((part[7:] for part in cells[9].split("|") if part.startswith("Entity=")), "")
        for bracket in re.findall(r"\(?[^()]+\)?", said):
            name, *rest = bracket.strip("()").split("-")
            if bracket[0] == "(":
                identity = "-".join(rest[6:]) or None
                opened.append((name, len(words) - 1, rest[0], identity and unquote(identity)))
            if bracket[-1] == ")":
                at = max(number for number, one in enumerate(opened) if one[0] == name)
                _, first, kind, identity = opened.pop(at)
                found[first, len(words), kind, identity] += 1
                clusters[name].append((first, len(words), kind))
    return words, found, Counter(tuple(sorted(own)) for own in clusters.values() if len(own) > 1)


def of_article(one: Article) -> tuple[list[str], Counter[Any], Counter[tuple[Mention, ...]]]:
    spans = [token["spans"][0] for token in one["tokens"]]
    firsts = {span["start"]: number for number, span in enumerate(spans)}
    lasts = {span["end"]: number + 1 for number, span in enumerate(spans)}
    own = {}
    found: Counter[Any] = Counter()
    for entity in one["entities"]:
        (span,) = entity["spans"]
        own[entity["id"]] = firsts[span["start"]], lasts[span["end"]], entity["type"]
        found[*own[entity["id"]], next((link["id"] for link in entity.get("links", ())), None)] += 1
    clusters = Counter(tuple(sorted(own[name] for name in chain["mentions"])) for chain in one["coreference"])
    return [span["text"] for span in spans], found, clusters


def test_gum_has_the_words_mentions_and_clusters_of_its_conllu() -> None:
    """But for one cluster, which CoNLL-U has as two."""
    folder = corpora("gum-news")
    found = list(read("conll-coref", folder / "coref-conll"))
    assert (len(found), [one.findings for one in found]) == (24, [()] * 24)
    apart = {}
    counts = [0, 0]
    for one in found:
        assert one.article is not None
        mine, theirs = of_article(one.article), of_conllu(folder / "conllu" / f"{one.article['id']}.conllu")
        assert mine[:2] == theirs[:2]
        if mine[2] != theirs[2]:
            apart[one.article["id"]] = (mine[2] - theirs[2], theirs[2] - mine[2])
        counts = [counts[0] + len(mine[0]), counts[1] + mine[1].total()]
    assert counts == [17_182, 5_018]
    ((name, (joined, parted)),) = apart.items()
    assert name == "GUM_news_questionnaire"
    assert [tuple(sorted(one for each in parted for one in each))] == list(joined)


def test_gum_comes_back_the_same(tmp_path: Path) -> None:
    before = [
        one.article for one in read("conll-coref", corpora("gum-news") / "coref-conll") if one.article is not None
    ]
    assert list(EXPORTER.write(before, tmp_path, None)) == []
    assert [one.article for one in read("conll-coref", tmp_path)] == before
