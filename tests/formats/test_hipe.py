from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.hipe import ABOUT, EXPORTER, FILE, IMPORTER
from corpus_tool.formats.hipe.cells import COLUMNS, flag, flags
from corpus_tool.formats.hipe.reading import Reading
from tests.formats.round_trips import SHAPES, check_declared, check_kept, there_and_back
from tests.generated import Shape

HEADER = "\t".join(COLUMNS) + "\n"


def row(word: str, **cells: str) -> str:
    """A row in which all is `O` and `_` but what is given, by a short name."""
    names = dict(
        zip(
            ["coarse", "meto", "fine", "fine_meto", "comp", "nested", "link", "meto_link", "misc"],
            COLUMNS[1:],
            strict=True,
        )
    )
    held = {name: "O" if name.startswith("NE-") else "_" for name in COLUMNS[1:]}
    held |= {names[name]: value for name, value in cells.items()}
    return "\t".join([word, *held.values()]) + "\n"


ONE = (
    "# hipe2022:document_id = harbour-1\n# hipe2022:date = 1899-04-03\n# hipe2022:language = fr\n"
    "# hipe2022:dataset = harbour\n# harbour:original_license = CC-BY 4.0\n# harbour:publication_title = Le Port\n"
    + row("Le", coarse="B-org", fine="B-org.ent", link="Q11", nested="O")
    + row("port", coarse="I-org", fine="I-org.ent", link="Q11")
    + row("d", coarse="I-org", fine="I-org.ent", link="Q11", misc="NoSpaceAfter")
    + row("'", coarse="I-org", fine="I-org.ent", link="Q11", misc="NoSpaceAfter")
    + row("Oslo", coarse="I-org", fine="I-org.ent", link="Q11", nested="B-loc.adm.town", misc="EndOfLine")
    + row("ferme", misc="NoSpaceAfter")
    + row(".", misc="EndOfSentence|EndOfLine")
    + row("M", coarse="B-pers", fine="B-pers.ind", comp="B-comp.title", link="NIL", misc="NoSpaceAfter|LED0.33")
    + row(".", coarse="I-pers", fine="I-pers.ind", comp="I-comp.title", link="NIL", misc="LED0.33|Old")
    + row("Quill", coarse="I-pers", fine="I-pers.ind", comp="B-comp.name", link="NIL", misc="LED0.33")
    + row("Rome", coarse="B-loc", meto="B-org", fine_meto="B-org.adm", link="Q220", meto_link="Q30", misc="NoSpaceAfter")
    + row("."))  # fmt: skip
TWO = "# hipe2022:document_id = harbour-2\n" + row("Norwegenreise", coarse="B-loc", misc="Partial-0:8")
FILE_OF_TWO = HEADER + ONE + "\n" + TWO + "\n"


def imported(data: bytes | str) -> list[Imported]:
    held = data.encode() if isinstance(data, str) else data
    return list(IMPORTER.read(Source("news.tsv", "news", lambda _: held), None))


def articles(data: bytes | str) -> list[Article]:
    return [one.article for one in imported(data) if one.article is not None]


def said(one: Imported) -> list[tuple[str, int | None, str]]:
    return [(found.code, found.location.line, found.severity.label) for found in one.findings]


def shown(one: Article) -> list[tuple[Any, ...]]:
    found = []
    for entity in one["entities"]:
        (span,) = entity["spans"]
        assert one["text"][span["start"] : span["end"]] == span["text"]
        attributes = {part["name"]: part.get("value") for part in entity.get("attributes", ())}
        links = [f"{link['db']}:{link['id']}" for link in entity.get("links", ())]
        found.append((entity["type"], span["text"], links, attributes))
    return found


def test_a_document() -> None:
    one, two = imported(FILE_OF_TWO)
    assert one.article is not None
    assert two.article is not None
    assert (said(one), said(two)) == ([], [])
    assert one.article["id"] == "harbour-1"
    assert one.article["text"] == "Le port d'Oslo\nferme.\nM. Quill Rome."
    assert [each["spans"][0]["text"] for each in one.article["sentences"]] == [
        "Le port d'Oslo\nferme.",
        "M. Quill Rome.",
    ]
    assert one.article["metadata"] == {
        "contentCreated": "1899-04-03", "language": "fr", "usageTerms": "CC-BY 4.0", "infoSources": [{"name": "Le Port"}],
    }  # fmt: skip
    assert shown(one.article) == [
        ("org", "Le port d'Oslo", ["wikidata:Q11"], {"NE-FINE-LIT": "org.ent"}),
        ("loc.adm.town", "Oslo", [], {"column": "NE-NESTED"}),
        ("pers", "M. Quill", [], {"NE-FINE-LIT": "pers.ind", "NEL-LIT": "NIL", "LED": "0.33"}),
        ("comp.title", "M.", [], {"column": "NE-FINE-COMP"}),
        ("comp.name", "Quill", [], {"column": "NE-FINE-COMP"}),
        ("loc", "Rome", ["wikidata:Q220"], {"NE-COARSE-METO": "org", "NE-FINE-METO": "org.adm", "NEL-METO": "Q30"}),
    ]
    assert {loss.what: loss.example for loss in one.losses} == {
        "comments: hipe2022:dataset": "harbour", "flags of tokens: Old": ".",
    }  # fmt: skip
    assert one.places["/entities/1"] == (12, 1)
    assert shown(two.article) == [("loc", "Norwegen", [], {})]
    assert "sentences" not in two.article


def test_what_was_read_comes_back() -> None:
    before = articles(FILE_OF_TWO)
    assert there_and_back("hipe", before) == before


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (HEADER + row("a"), ["news"]),
        (HEADER, ["news"]),
        ("", ["news"]),
        (HEADER + "# document_id = x\n" + row("a") + "# document_id = y\n" + row("b"), ["x", "y"]),
        (HEADER + "# hipe2022:date = 1900-01-01\n# hipe2022:document_id = x\n" + row("a") + "\n# a:b = c\n" + row("b"),
         ["x", "news-0002"]),
        (HEADER + "# language = fr\n" + row("a") + "\n# language = de\n" + row("b"), ["news-0001", "news-0002"]),
        (HEADER + "# document_id = x\n" + row("a") + "# segment = 2\n" + row("b"), ["x"]),
        (HEADER + "# document_id = x\n" + row("a") + "\n# document_id = y\n", ["x", "y"]),
        (HEADER + "# document_id = x\n" + row("a") + "\n" + HEADER + "# document_id = y\n" + row("b"), ["x", "y"]),
    ],
    ids=["no-comment", "header", "empty", "2020", "id-not-first", "no-ids", "comment-within", "no-row", "joined-files"],
)  # fmt: skip
def test_documents_of_a_file(data: str, ids: list[str]) -> None:
    assert [one["id"] for one in articles(data)] == ids if data else imported(data)[0].article is not None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (HEADER.replace("\n", "\r\n") + row("a").replace("\n", "\r\n") + row("b"), "a b"),
        ("\ufeff" + HEADER + row("a", misc="SpacesAfter=\\s\\s") + row("b"), "a  b"),
        (HEADER + row("a") + row("#") + row("x\u2028y"), "a # x\u2028y"),
        (HEADER + row("a", misc="") + row("b", misc="NoSpaceAfter|EndOfLine") + row("c"), "a b\nc"),
    ],
    ids=["crlf", "bom", "signs", "flags"],
)
def test_text(data: str, text: str) -> None:
    (one,) = imported(data)
    assert one.article is not None
    assert (one.article["text"], said(one)) == (text, [])


def test_nobody_looked_for_mentions_where_all_is_masked() -> None:
    masked = HEADER + "\t".join(["Oslo", *["_"] * 9]) + "\n"
    (one,) = articles(masked)
    assert "entities" not in one
    assert "entities" in articles(HEADER + row("Oslo"))[0]


@pytest.mark.parametrize(
    ("rows", "codes", "entities"),
    [
        (row("a", coarse="B-loc", link="Q1") + row("b", coarse="I-loc", link="NIL"), [("IO020", 2, "warning")], ["a b"]),
        (row("a", link="Q1"), [("IO020", 2, "warning")], []),
        (row("a", coarse="B-loc", misc="Partial-0:9"), [("IO020", 2, "warning")], ["a"]),
        (row("abc", coarse="B-loc", misc="Partial--2:2"), [("IO020", 2, "warning")], ["abc"]),
        (row("abc", coarse="B-loc") + row("def", coarse="I-loc", misc="Partial--4:2"), [], ["abc de"]),
        (row("abc", coarse="B-loc", misc="Partial-1:3") + row("def", coarse="I-loc"), [], ["bc def"]),
        (row("a", coarse="loc"), [("IO019", 2, "error")], []),
        ("a\tb\n" + row("c"), [("IO009", 2, "error")], []),
        (row("a") + "\n" + row("b"), [("IO020", 4, "warning")], []),
    ],
    ids=["links-differ", "stray-link", "partial-behind", "partial-before", "partial-end", "partial-start", "no-tag",
         "columns", "blank"],
)  # fmt: skip
def test_what_is_wrong_is_found(rows: str, codes: list[Any], entities: list[str]) -> None:
    (one,) = imported(HEADER + rows)
    assert one.article is not None
    assert (said(one), [text for _, text, _, _ in shown(one.article)]) == (codes, entities)


def test_what_goes_on_without_a_beginning_is_mended_where_it_is_asked_for() -> None:
    data = HEADER + row("a", coarse="I-loc")
    (refused,) = imported(data)
    assert (refused.article, said(refused)) == (None, [("IO019", 2, "error")])
    (mended,) = IMPORTER.read(Source("news.tsv", "news", lambda _: data.encode(), fix=True), None)
    assert mended.article is not None
    assert [text for _, text, _, _ in shown(mended.article)] == ["a"]
    assert (said(mended), [one.count for one in mended.mended]) == ([("IO020", 2, "info")], [1])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"word\ttag\nx\tO\n", "IO019"),
        (b"TOKEN\tMISC\nx\t_\n", "IO019"),
        (HEADER.encode() + b"\xff\t_\n", "IO001"),
        (HEADER.encode("utf-16"), "IO001"),
        (HEADER.encode("utf-16-le"), "IO001"),
    ],
    ids=["another-header", "no-mentions", "not-utf8", "utf-16", "utf-16-without-mark"],
)
def test_files_that_are_refused(data: bytes, code: str) -> None:
    (one,) = imported(data)
    assert one.article is None
    assert [found.code for found in one.findings] == [code]


def test_a_document_that_is_not_utf8_leaves_the_others() -> None:
    data = HEADER.encode() + b"# document_id = x\n\xff\n\n" + TWO.encode()
    one, two = imported(data)
    assert (one.article, said(one), one.findings[0].location.article) == (None, [("IO001", 3, "error")], "x")
    assert two.article is not None
    assert two.article["id"] == "harbour-2"


@pytest.mark.parametrize(
    ("name", "value", "made"),
    [
        ("LED", "0.33", "LED0.33"),
        ("LED", "high", "LED=high"),
        ("Old", None, "Old"),
        ("Sure", "very | so\t", "Sure=very\\s\\p\\sso\\t"),
        ("EndOfLine", None, None),
        ("Partial-0:1", None, None),
        ("SpaceAfter", "No", None),
        ("a=b", "c", None),
        ("_", None, None),
    ],
)
def test_flags_of_attributes(name: str, value: str | None, made: str | None) -> None:
    assert flag(name, value) == made
    if made is not None:
        assert flags(made).others == ((name, value),)


def test_declared() -> None:
    check_declared("hipe")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_kept(shape: Shape) -> None:
    check_kept("hipe", shape)


TEXT = "Mara Quill of Oslo sailed."


def entity(name: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "X", "spans": [{"start": start, "end": end, "text": TEXT[start:end]}], **more}


def tokens(*pieces: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {"id": f"K{number}", "spans": [{"start": start, "end": end, "text": TEXT[start:end]}]}
        for number, (start, end) in enumerate(pieces)
    ]


WORDS = tokens((0, 4), (5, 10), (11, 13), (14, 18), (19, 26))


@pytest.mark.parametrize(
    ("entities", "back"),
    [
        ([(0, 10), (14, 18)], [(0, 10), (14, 18)]),
        ([(0, 18), (14, 18)], [(0, 18), (14, 18)]),
        ([(1, 3)], [(1, 3)]),
        ([(2, 7)], [(2, 7)]),
        ([(0, 8)], [(0, 8)]),
        ([(2, 10)], [(2, 10)]),
    ],
    ids=["apart", "within", "inside-a-token", "from-inside", "to-inside", "first-inside"],
)
def test_entities_come_back(entities: list[tuple[int, int]], back: list[tuple[int, int]]) -> None:
    made = [entity(f"T{number}", *piece) for number, piece in enumerate(entities)]
    (again,) = there_and_back("hipe", [{"id": "a", "text": TEXT, "tokens": WORDS, "entities": made}])
    assert [(one["spans"][0]["start"], one["spans"][0]["end"]) for one in again["entities"]] == back


@pytest.mark.parametrize(
    ("entities", "lost"),
    [
        ([entity("T1", 0, 18), entity("T2", 0, 10), entity("T3", 0, 4)],
         "entities deeper than one within another, or that cross another"),
        ([entity("T1", 0, 18), entity("T2", 14, 26)], "entities deeper than one within another, or that cross another"),
        ([entity("T1", 4, 5)], "entities whose edges are no edges of tokens"),
        ([entity("T1", 0, 18), entity("T2", 1, 3)], "entities whose edges are no edges of tokens"),
        ([entity("T1", 0, 4, links=[{"db": "geonames", "id": "1"}])], "links to other than wikidata"),
        ([entity("T1", 0, 4, attributes=[{"name": "EndOfLine"}])], "attributes of a name that flags have"),
        ([entity("T1", 0, 10), entity("T2", 0, 4, attributes=[{"name": "Sure"}])], "attributes of entities within others"),
        ([entity("T1", 0, 10), entity("T2", 0, 4, links=[{"db": "wikidata", "id": "Q1"}])], "links of entities within others"),
    ],
    ids=["deeper", "crossing", "between", "part-within", "another-base", "flag", "attribute-within", "link-within"],
)  # fmt: skip
def test_losses_are_counted(entities: list[Article], lost: str, tmp_path: Path) -> None:
    one = {"id": "a", "text": TEXT, "tokens": WORDS, "entities": entities}
    told = list(EXPORTER.write([one], tmp_path, None))
    assert [(loss.what, loss.count) for loss in told if isinstance(loss, Loss)] == [(lost, 1)]


def test_rows_are_written(tmp_path: Path) -> None:
    said_of = [{"name": "NEL-LIT", "value": "NIL"}, {"name": "NE-FINE-LIT", "value": "pers.ind"}]
    one = {"id": "a", "text": TEXT, "tokens": WORDS, "entities": [entity("T1", 0, 10, attributes=said_of)],
           "sentences": [{"id": "S1", "spans": [{"start": 0, "end": 26, "text": TEXT}]}],
           "metadata": {"contentCreated": "2026-03-02T10:00:00Z", "language": "en"}}  # fmt: skip
    assert list(EXPORTER.write([one, {"id": "b", "text": "Oslo"}], tmp_path, None)) == []
    assert (tmp_path / FILE).read_text() == (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNE-FINE-METO\tNE-FINE-COMP\tNE-NESTED\tNEL-LIT\tNEL-METO\tMISC\n"
        "# hipe2022:document_id = a\n# hipe2022:language = en\n"
        "# hipe2022:applicable_columns = TOKEN NE-COARSE-LIT NE-FINE-LIT NEL-LIT MISC\n"
        "# ninjs:contentCreated = 2026-03-02T10:00:00Z\n"
        "Mara\tB-X\t_\tB-pers.ind\t_\t_\t_\tNIL\t_\t_\n"
        "Quill\tI-X\t_\tI-pers.ind\t_\t_\t_\tNIL\t_\t_\n"
        "of\tO\t_\tO\t_\t_\t_\t_\t_\t_\n"
        "Oslo\tO\t_\tO\t_\t_\t_\t_\t_\t_\n"
        "sailed.\tO\t_\tO\t_\t_\t_\t_\t_\tEndOfSentence\n"
        "\n# hipe2022:document_id = b\n# hipe2022:applicable_columns = TOKEN MISC\n# article:layers = \n"
        "Oslo\t_\t_\t_\t_\t_\t_\t_\t_\t_\n"
    )


def test_what_cannot_be_written(tmp_path: Path) -> None:
    told = list(EXPORTER.write([{"id": "a", "text": "\ud800"}, {"id": "b", "text": "x"}], tmp_path, None))
    assert [(one.code, one.location.article) for one in told if isinstance(one, Finding)] == [("IO001", "a")]
    with pytest.raises(StoreError):
        list(EXPORTER.write([], tmp_path, None))


NARROW, WIDE = row("narrow").rpartition("\t")[0] + "\n", row("wide").rstrip("\n") + "\t_\n"
LINES = [
    row("Oslo", coarse="B-loc", misc="EndOfLine"), row("fjord"), row("#", misc="SpacesInToken=a\\sb"), row(" "),
    row("TOKEN"), row("x", fine="?"), HEADER, "\n", " \n", "# hipe2022:document_id = b\n", "# a = b\n", "#\n",
    "one\ttoo few\n", NARROW, WIDE, "\t" + row("empty"), row("cr").rstrip("\n") + "\r\n", "\udcff\n",
]  # fmt: skip


@example([row("Oslo"), NARROW, WIDE])
@given(st.lists(st.sampled_from(LINES) | st.sampled_from(LINES[:3]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_rows_together_are_rows_one_by_one(lines: list[str]) -> None:
    data = (HEADER + "".join(lines)).encode(errors="surrogateescape")
    together = list(map(told, imported(data)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reading, "_plain", lambda *_: False)
        assert together == list(map(told, imported(data)))


def told(one: Imported) -> tuple[Any, ...]:
    return one.article, one.findings, dict(one.places), one.losses, one.mended


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_random_bytes_never_raise(data: bytes) -> None:
    check(imported(HEADER.encode() + data))
    check(imported(data))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damage_never_raises(data: st.DataObject) -> None:
    whole = FILE_OF_TWO.encode()
    at = data.draw(st.integers(0, len(whole)))
    behind = data.draw(st.integers(at, min(len(whole), at + 60)))
    check(imported(whole[:at] + data.draw(st.binary(max_size=8)) + whole[behind:]))


def check(found: list[Imported]) -> None:
    assert found
    for one in found:
        assert one.article is not None or one.findings
        if one.article is not None and "entities" in one.article:
            shown(one.article)
            assert all(
                pointer in one.places for pointer in map("/entities/{}".format, range(len(one.article["entities"])))
            )


@pytest.mark.parametrize(
    ("head", "looks"),
    [(HEADER.encode(), True), (b"\xef\xbb\xbf" + HEADER.encode(), True), (b"TOKEN\tMISC\n", False), (b"", False)],
)
def test_looks_like(head: bytes, *, looks: bool) -> None:
    assert ABOUT.looks_like is not None
    assert ABOUT.looks_like("a.tsv", head) is looks
