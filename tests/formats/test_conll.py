from __future__ import annotations

import io
import json
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported, Loss, Source
from corpus_tool.formats.conll import ABOUT, EXPORTER, IMPORTER
from corpus_tool.formats.conll.blocks import read_blocks
from corpus_tool.formats.conll.tags import Scheme, chunks
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back
from tests.generated import Shape


def imported(data: bytes | str, name: str = "news", *, fix: bool = False) -> list[Imported]:
    held = data.encode() if isinstance(data, str) else data
    return list(IMPORTER.read(Source(f"{name}.conll", name, lambda _: held, fix=fix), None))


def only(data: bytes | str, *, fix: bool = False) -> Imported:
    (one,) = imported(data, fix=fix)
    return one


def article(data: bytes | str) -> Article:
    one = only(data).article
    assert one is not None
    return one


def entities(one: Article | None) -> list[tuple[str, str]]:
    assert one is not None
    for entity in one["entities"]:
        (span,) = entity["spans"]
        assert one["text"][span["start"] : span["end"]] == span["text"]
    return [(entity["type"], entity["spans"][0]["text"]) for entity in one["entities"]]


def words(one: Article) -> list[str]:
    return [token["spans"][0]["text"] for token in one["tokens"]]


def said(one: Imported) -> list[tuple[str, int | None, str]]:
    return [(found.code, found.location.line, found.severity.label) for found in one.findings]


PLAIN = "Mara B-PER\nQuill I-PER\nsailed O\n. O\n\nTo O\nOslo B-LOC\n"
WANTED = [("PER", "Mara Quill"), ("LOC", "Oslo")]


def test_words_make_the_text_and_the_layers() -> None:
    one = article(PLAIN)
    assert one["text"] == "Mara Quill sailed .\nTo Oslo"
    assert entities(one) == WANTED
    assert [sentence["spans"][0]["text"] for sentence in one["sentences"]] == ["Mara Quill sailed .", "To Oslo"]
    assert one["coverage"] == [{"layer": "entities", "prov": "A1", "status": "complete"}]
    assert {entity["prov"] for entity in one["entities"]} == {"A1"} == {record["id"] for record in one["provenance"]}
    for token in one["tokens"]:
        (span,) = token["spans"]
        assert one["text"][span["start"] : span["end"]] == span["text"]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace(" ", "\t"),
        PLAIN.replace(" ", "   "),
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        "\n\n" + PLAIN.replace("\n\n", "\n\n\n\n") + "\n\n",
        PLAIN.replace("\n\n", "\n \t\n"),
        PLAIN.rstrip("\n"),
        PLAIN.replace(" B-", " NN B-").replace(" I-", " NN I-").replace(" O", " _ O"),
        "".join(f"{number}\t{line}\n" if line else "\n" for number, line in enumerate(PLAIN.replace(" ", "\t").split("\n"))),
        "# global.columns = NE FORM\n" + "\n".join(" ".join(reversed(line.split(" "))) for line in PLAIN.split("\n")),
        PLAIN.replace("Mara B-PER\nQuill I-", "Mara B-PER\nQuill E-").replace("B-LOC", "S-LOC"),
        PLAIN.replace("Mara B-PER\nQuill I-", "Mara B-PER\nQuill L-").replace("B-LOC", "U-LOC"),
        "# a remark\n" + PLAIN,
        "-DOCSTART- -X-\n\n" + PLAIN,
    ],
    ids=["tabs", "aligned", "crlf", "bom", "blank-lines", "blanks", "no-end", "more-columns", "numbered", "named", "iobes",
         "bilou", "remark", "docstart"],
)  # fmt: skip
def test_dialects(data: str) -> None:
    one = only(data)
    assert one.article is not None
    assert (one.article["text"], entities(one.article)) == ("Mara Quill sailed .\nTo Oslo", WANTED)
    assert said(one) == []


def test_line_breaks_are_line_feeds_only() -> None:
    one = article("Ma\u2028ra B-PER\nx\u0085y\u00a0z O\n")
    assert words(one) == ["Ma\u2028ra", "x\u0085y\u00a0z"]
    assert entities(one) == [("PER", "Ma\u2028ra")]


CONLL_2003 = """-DOCSTART- -X- -X- O

Mara NNP B-NP B-PER
sails VBZ B-VP O

-DOCSTART- -X- -X- O

Oslo NNP B-NP B-LOC
"""


def test_conll_2003() -> None:
    one, two = imported(CONLL_2003)
    assert one.article is not None
    assert two.article is not None
    assert (one.article["id"], two.article["id"]) == ("news-0001", "news-0002")
    assert (entities(one.article), entities(two.article)) == ([("PER", "Mara")], [("LOC", "Oslo")])
    assert [(word["form"], word["xpos"]) for word in one.article["words"]] == [("Mara", "NNP"), ("sails", "VBZ")]
    assert one.losses == (Loss("chunk tags", 2, "B-NP"),)
    assert (two.places["/entities/0"], two.places["/tokens/0"], one.places["/sentences/0"]) == ((8, 1), (8, 1), (3, 1))
    assert "/tokens/1" not in two.places
    assert sorted(one.places) == ["/entities/0", "/sentences/0", "/tokens/0", "/tokens/1"]
    assert len(one.places) == 4


NAMED = """# global.columns = FORM LEMMA UPOS POS FEATS NE
Mara\tmara\tPROPN\tNNP\tCase=Nom\tB-PER
sailed\tsail\t_\t_\t_\tO
.\t.\tFULLSTOP\t.\t_\tO
"""


def test_columns_of_words_are_read() -> None:
    one = only(NAMED)
    assert one.article is not None
    said_of = [
        {name: word[name] for name in ("form", "lemma", "upos", "xpos") if name in word}
        for word in one.article["words"]
    ]
    assert said_of == [
        {"form": "Mara", "lemma": "mara", "upos": "PROPN", "xpos": "NNP"},
        {"form": "sailed", "lemma": "sail"},
        {"form": ".", "lemma": ".", "xpos": "."},
    ]
    assert [word["token"] for word in one.article["words"]] == [token["id"] for token in one.article["tokens"]]
    assert one.losses == (
        Loss("UPOS: tags that are none of Universal Dependencies", 1, ". FULLSTOP"), Loss("column FEATS", 1, "Case=Nom"),
    )  # fmt: skip


def test_words_come_back() -> None:
    before = article(NAMED)
    (after,) = there_and_back("conll", [before])
    assert after["words"] == before["words"]
    (empty,) = there_and_back("conll", [{**before, "words": []}])
    assert empty["words"] == []


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ("a O\n\n-DOCSTART- O\n\nb B-X\n", ["news-0001", "news-0002"]),
        ("a B-X\n", ["news"]),
        ("-DOCSTART- O\na B-X\n-DOCSTART- O\nb O\n", ["news-0001", "news-0002"]),
        ("# id = one\na B-X\n\n-DOCSTART- O\n# id = two\nb O\n", ["one", "two"]),
        ("# id = 1\na B-X\n\n# id = 2\nb O\n", ["news"]),
        ("# newdoc id = p\na B-X\n# newdoc id = q\nb O\n", ["p", "q"]),
        ("", ["news"]),
    ],
    ids=["text-before-docstart", "one", "no-blank", "named", "ids-of-sentences", "newdoc", "empty"],
)
def test_articles_of_a_file(data: str, ids: list[str]) -> None:
    assert [one.article and one.article["id"] for one in imported(data)] == ids


def test_ids_come_from_content() -> None:
    before = {entity["id"] for entity in article(PLAIN)["entities"]}
    after = {entity["id"] for entity in article("New O\n\n" + PLAIN)["entities"]}
    assert before == after
    again = article(PLAIN + "\n" + PLAIN)
    names = [one["id"] for layer in ("tokens", "sentences", "entities") for one in again[layer]]
    assert len(names) == len(set(names))


HEADER = """# global.columns = FORM MISC NE
# split = test
# language = en
# headlines.main = Rain
# keywords = sea
# keywords = ships
# language = not a tag
# colour = blue
"""


def test_comments_become_metadata() -> None:
    one = only(HEADER + "Rain\tSpaceAfter=No|Odd=1\tO\n.\tSpacesAfter=\\s\\n\tO\n\n# sent_id = 2\nSo\t_\tO\n")
    assert one.article is not None
    assert one.article["text"] == "Rain. \nSo"
    assert one.article["split"] == "test"
    assert one.article["metadata"] == {
        "language": "en", "headlines": [{"role": "main", "value": "Rain"}], "keywords": ["sea", "ships"],
    }  # fmt: skip
    assert {loss.what for loss in one.losses} == {
        "comments: language", "comments: colour", "comments: sent_id", "parts of MISC that say nothing of white space",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("comment", "text", "codes"),
    [
        ("# text = Mara, sailed.", "Mara, sailed.", []),
        ("# text = Somebody sailed.", "Mara , sailed .", [("IO020", 1, "warning")]),
    ],
    ids=["agrees", "does-not"],
)
def test_comments_give_the_text(comment: str, text: str, codes: list[Any]) -> None:
    one = only(f"{comment}\nMara B-PER\n, O\nsailed O\n. O\n")
    assert one.article is not None
    assert (one.article["text"], said(one)) == (text, codes)


@pytest.mark.parametrize(
    ("tags", "scheme", "found", "wrong"),
    [
        ("O I-X I-X O B-Y", Scheme.IOB2, [(1, 3, "X"), (4, 5, "Y")], [1]),
        ("B-X I-Y", Scheme.IOB2, [(0, 1, "X"), (1, 2, "Y")], [1]),
        ("B-X B-X I-X", Scheme.IOB2, [(0, 1, "X"), (1, 3, "X")], []),
        ("I-X B-X I-X I-Y", Scheme.IOB1, [(0, 1, "X"), (1, 3, "X"), (3, 4, "Y")], []),
        ("B-X E-X S-X", Scheme.IOBES, [(0, 2, "X"), (2, 3, "X")], []),
        ("B-X O E-X", Scheme.IOBES, [(0, 1, "X"), (2, 3, "X")], [0, 2]),
        ("B-X I-X", Scheme.IOBES, [(0, 2, "X")], [1]),
        ("B I O", Scheme.IOB2, [(0, 2, "_")], []),
        ("B-a-b I-a-b", Scheme.IOB2, [(0, 2, "a-b")], []),
    ],
)
def test_chunks(tags: str, scheme: Scheme, found: list[Any], wrong: list[int]) -> None:
    made, troubles = chunks(tags.split(), scheme)
    assert (made, [at for at, _, _ in troubles]) == (found, wrong)


def test_what_goes_on_without_a_beginning_is_a_finding() -> None:
    one = only("Mara B-PER\nsaw O\nOslo I-LOC\n")
    assert one.article is None
    assert said(one) == [("IO019", 3, "error")]
    assert "I-LOC" in one.findings[0].message
    assert "--fix" in one.findings[0].message


@pytest.mark.parametrize(
    ("data", "found", "lines"),
    [
        ("Mara B-PER\nsaw O\nOslo I-LOC\n", [("PER", "Mara"), ("LOC", "Oslo")], [3]),
        ("Mara B-PER\nOslo I-LOC\n", [("PER", "Mara"), ("LOC", "Oslo")], [2]),
        ("Mara B-PER\nQuill I-PER\nOslo S-LOC\n", [("PER", "Mara Quill"), ("LOC", "Oslo")], [2]),
        ("Mara B-PER\nsaw O\n\nsea E-LOC\n", [("PER", "Mara"), ("LOC", "sea")], [1, 4]),
        (PLAIN, WANTED, []),
    ],
    ids=["outside", "of-another", "unended", "of-iobes", "nothing"],
)
def test_what_contradicts_its_scheme_is_mended_where_it_is_asked_for(
    data: str, found: list[Any], lines: list[int]
) -> None:
    one = only(data, fix=True)
    assert one.article is not None
    assert entities(one.article) == found
    assert said(one) == [("IO020", line, "info") for line in lines]
    assert [mended.count for mended in one.mended] == [len(lines)] * bool(lines)
    assert (only(data).article is None) == bool(lines)
    (again,) = there_and_back("conll", [one.article])
    assert entities(again) == entities(one.article)


def test_all_that_is_mended_is_counted() -> None:
    (mended,) = only("Mara B-PER\n" + "saw I-LOC\nsaw O\n" * 150, fix=True).mended
    assert (mended.count, mended.what) == (150, "tags that contradict their scheme")
    assert mended.example == "I-LOC goes on where no B-LOC begins: read as the beginning"


@pytest.mark.parametrize(
    ("data", "found", "codes"),
    [
        ("Mara I-PER\nQuill I-PER\nOslo B-PER\nsaw O\n", [("PER", "Mara Quill"), ("PER", "Oslo")], []),
        ("Mara I-PER\nsaw O\nOslo I-LOC\n", [("PER", "Mara"), ("LOC", "Oslo")], [("IO020", 1, "warning")]),
    ],
    ids=["certain", "no-b-at-all"],
)
def test_iob1(data: str, found: list[Any], codes: list[Any]) -> None:
    one = only(data)
    assert (entities(one.article), said(one)) == (found, codes)


ROWS = "Mara B-PER\nsaw O\n" * 8


@pytest.mark.parametrize(
    ("data", "codes", "left"),
    [
        (ROWS + "Oslo\n", [("IO009", 17, "error")], 16),
        (ROWS + "Oslo is B-LOC\n", [("IO009", 17, "error")], 16),
        (ROWS + "Oslo LOC\n", [("IO019", 17, "error")], 17),
        ("once upon a time\nthere was a file\n", [("IO019", 1, "error")], None),
        ("word\nword\n", [("IO019", 1, "error")], None),
        (ROWS.encode() + b"\n\xff B-PER\n", [("IO001", 18, "error")], None),
        ("# global.columns = NE NE\nx\tO\n", [("IO019", 1, "error")], None),
        ("Mara B-PER\n" + "saw I-LOC\nsaw O\n" * 150, [("IO019", 2, "error"), ("IO019", None, "error")], None),
    ],
    ids=["short", "long", "no-tag", "prose", "one-column", "not-utf8", "no-form", "many"],
)
def test_what_is_wrong_is_found(data: str | bytes, codes: list[Any], left: int | None) -> None:
    one = only(data)
    assert said(one)[:: max(1, len(one.findings) - 1)] == codes
    assert (one.article and len(one.article["tokens"])) == left


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_random_bytes_never_raise(data: bytes) -> None:
    check(imported(data))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damage_never_raises(data: st.DataObject) -> None:
    whole = (HEADER + "Rain\tSpaceAfter=No\tB-X\n\n" + CONLL_2003 + PLAIN).encode()
    at = data.draw(st.integers(0, len(whole)))
    behind = data.draw(st.integers(at, min(len(whole), at + 40)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[behind:]
    check(imported(damaged, fix=data.draw(st.booleans())))


def check(found: list[Imported]) -> None:
    assert found
    for one in found:
        assert one.article is not None or one.findings
        for layer in ("tokens", "sentences", "entities"):
            for item in (one.article or {}).get(layer, ()):
                (span,) = item["spans"]
                assert one.article is not None
                assert one.article["text"][span["start"] : span["end"]] == span["text"]


@given(st.lists(st.sampled_from([b"a O\n", b"\n", b"\r\n", b"b B-X\r\n", b"\n\n", b"x"])), st.integers(1, 9))
@settings(max_examples=200, deadline=None)
def test_blocks_do_not_depend_on_how_much_is_read(pieces: list[bytes], at_once: int) -> None:
    data = b"".join(pieces)
    whole = [block for blocks in read_blocks(io.BytesIO(data)) for block in blocks.found]
    assert [block for blocks in read_blocks(io.BytesIO(data), at_once) for block in blocks.found] == whole
    lines = data.decode().replace("\r\n", "\n").split("\n")
    assert [line for _, text in whole for line in text.split("\n")] == [line for line in lines if line]
    for number, text in whole:
        assert lines[number - 1 : number + text.count("\n")] == text.split("\n")


def test_declared() -> None:
    tagged = article(NAMED)  # the words of the other samples all have what no column holds
    renamed = json.loads(json.dumps(tagged).replace(tagged["sentences"][0]["id"][1:], "0"))
    check_declared("conll", articles=[*samples(), renamed])


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_kept(shape: Shape) -> None:
    check_kept("conll", shape)


def made(text: str, **layers: Any) -> Article:
    return {"id": "a", "text": text, **layers}


def spans(text: str, *pieces: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "text": text[start:end]} for start, end in pieces]


def layer(text: str, *pieces: tuple[int, int], letter: str = "K") -> list[dict[str, Any]]:
    return [{"id": f"{letter}{number}", "spans": spans(text, piece)} for number, piece in enumerate(pieces)]


def export(one: Article, folder: Path) -> tuple[str, list[Loss | Finding]]:
    told = list(EXPORTER.write([one], folder, None))
    return (folder / f"{one['id']}.conll").read_bytes().decode(), told


def test_a_plain_article_is_written_plainly(tmp_path: Path) -> None:
    one = {**article(PLAIN), "id": "a"}
    assert export(one, tmp_path) == (PLAIN.replace(" ", "\t") + "\n", [])


def test_white_space_and_missing_layers_are_written(tmp_path: Path) -> None:
    text = "\tMara, at  sea.\n\nOslo"
    one = made(text, entities=[{"id": "T1", "type": "PER", "spans": spans(text, (1, 5))}])
    assert export(one, tmp_path)[0] == (
        "# global.columns = FORM MISC NE\n# layers = entities\n"
        "Mara\tSpacesBefore=\\t|SpaceAfter=No\tB-PER\n,\t_\tO\nat\tSpacesAfter=\\s\\s\tO\nsea.\tSpacesAfter=\\n\\n\tO\n\n"
        "Oslo\t_\tO\n\n"
    )


TEXT = "Mara Quill sailed. To Oslo"


@pytest.mark.parametrize(
    ("layers", "lost"),
    [
        ({"tokens": layer(TEXT, (0, 10), (11, 17))}, {"entities whose edges are no edges of tokens": 1}),
        ({"tokens": layer(TEXT, (0, 4), (5, 10), (5, 7))}, {"tokens that are empty, in pieces or overlap": 1}),
        ({"sentences": layer(TEXT, (0, 7), (7, 26), letter="S")}, {"entities across sentences": 1}),
        (
            {"tokens": layer(TEXT, (0, 4), (5, 10)), "sentences": layer(TEXT, (0, 18), letter="S")},
            {"sentences that are not made of whole tokens": 1},
        ),
        (
            {"tokens": layer(TEXT, (0, 4), (5, 10), (19, 21)), "sentences": layer(TEXT, (0, 10), letter="S")},
            {"tokens outside sentences: they come back as one of their own": 1},
        ),
        ({"metadata": {"by": "Mara\nQuill"}}, {"metadata: characters a comment cannot hold": 1}),
        ({"entities": [{"id": "T", "type": "a\tb", "spans": spans(TEXT, (0, 4))}]}, {"labels: characters a column cannot hold": 1}),
        ({"text": "  ", "entities": []}, {"texts without a word": 1}),
        (
            {"tokens": layer(TEXT, (0, 4), (5, 10), (11, 17)), "words": [
                {"id": "W1", "token": "K0", "form": "Mara", "upos": "PROPN", "deprel": "root"}, {"id": "W2", "form": "_"},
                {"id": "W3", "token": "K1", "form": "Qu"}, {"id": "W4", "token": "K1", "form": "ill"},
                {"id": "W5", "token": "K2", "form": "sail", "lemma": "a\tb"},
            ]},
            {"words of no token": 1, "words of a token that is several": 2, "words: features, heads and relations": 1,
             "words of another form than their token": 1, "words: characters a column cannot hold": 1},
        ),
    ],
    ids=["edges", "overlapping-tokens", "across", "sentence-edges", "outside", "metadata", "label", "no-word", "words"],
)  # fmt: skip
def test_losses_are_counted(layers: dict[str, Any], lost: dict[str, int], tmp_path: Path) -> None:
    piece = (0, 10) if "entities across sentences" in lost else (5, 10)
    person = {"id": "T1", "type": "PER", "spans": spans(TEXT, piece)}
    one = {**made(TEXT, entities=[person]), **layers}
    told = export(one, tmp_path)[1]
    assert {loss.what: loss.count for loss in told if isinstance(loss, Loss)} == lost


@pytest.mark.parametrize(
    "text",
    ["-DOCSTART- x", "# a = b", "x\u2028y z", "a\rb c", "a\\sb|c _ d", "e\u0301 👩‍👩‍👧 🇫🇮"],
)
def test_odd_words_come_back(text: str) -> None:
    tokens = layer(text, *((at, at + len(word)) for at, word in _words(text)))
    (again,) = there_and_back("conll", [made(text, tokens=tokens, entities=[])])
    assert (again["text"], words(again)) == (text, [word for _, word in _words(text)])


def _words(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in text.split(" "):
        yield at, word
        at += len(word) + 1


def test_tokens_may_hold_white_space() -> None:
    text = " New\tYork\nis"
    (again,) = there_and_back("conll", [made(text, tokens=layer(text, (0, 9), (10, 12)), entities=[])])
    assert (again["text"], words(again)) == (text, [" New\tYork", "is"])


def test_ids_that_name_no_file_are_refused(tmp_path: Path) -> None:
    told = list(EXPORTER.write([made("x") | {"id": name} for name in ("../up", "A", "a")], tmp_path, None))
    assert [(one.code, one.location.article) for one in told if isinstance(one, Finding)] == [
        ("IO010", "../up"),
        ("IO010", "a"),
    ]
    told = list(EXPORTER.write([made("x") | {"id": "A"}, made("\ud800") | {"id": "b"}], tmp_path, None))
    assert [one.code for one in told if isinstance(one, Finding)] == ["IO010", "IO001"]


@pytest.mark.parametrize(
    ("name", "head", "looks"),
    [
        ("a.conll", PLAIN.encode(), True),
        ("a.txt", CONLL_2003.encode(), True),
        ("a.txt", b"Nothing of the kind.\n", False),
        ("a.conll", b"word O\nword O\n", False),
        ("a.tsv", b"TOKEN\tNE-COARSE-LIT\tMISC\nMara\tB-pers\t_\n", False),
        ("a.conllu", b"1\tMara\tMara\tPROPN\tNNP\t_\t0\troot\t_\t_\n", False),
        ("a.conll", b"\xff O\n", False),
        ("a.txt", b"", False),
    ],
)
def test_looks_like(name: str, head: bytes, *, looks: bool) -> None:
    assert ABOUT.looks_like is not None
    assert ABOUT.looks_like(name, head) is looks


KAZNERD = {"IOB2_test.txt": (11_307, 129_824, 13_508), "IOB2_valid.txt": (11_167, 129_223, 13_483)}


def counted(lines: list[str]) -> Counter[str]:
    """Entities by type, as tags say: each B is one. Independent of the importer."""
    return Counter(line.rpartition(" ")[2][2:] for line in lines if line.rpartition(" ")[2].startswith("B-"))


def test_kaznerd_in_and_out_and_in_again(tmp_path: Path) -> None:
    folder = corpora("kaznerd-iob2")
    found = list(read("conll", folder))
    assert [said(one) for one in found] == [[], []]
    articles = [one.article for one in found if one.article is not None]
    for one in articles:
        assert (len(one["sentences"]), len(one["tokens"]), len(one["entities"])) == KAZNERD[f"{one['id']}.txt"]
    before = Counter(entity["type"] for one in articles for entity in one["entities"])
    lines = [line for name in KAZNERD for line in (folder / name).read_text().split("\n")]
    assert before == counted(lines)
    assert (before.total(), len(before)) == (26_991, 25)
    assert list(EXPORTER.write(articles, tmp_path, None)) == []
    for name in KAZNERD:
        out = (tmp_path / name).with_suffix(".conll").read_text()
        assert out.replace("\t", " ") == (folder / name).read_text()
    again = [one.article for one in read("conll", tmp_path)]
    assert again == articles


def test_seqeval_counts_the_same() -> None:
    seqeval = pytest.importorskip("seqeval.metrics.sequence_labeling")
    for name in KAZNERD:
        text = (corpora("kaznerd-iob2") / name).read_text()
        tags = [[line.rpartition(" ")[2] for line in block.split("\n")] for block in text.strip("\n").split("\n\n")]
        mine = Counter(label for one in tags for _, _, label in chunks(one, Scheme.IOB2)[0])
        assert Counter(label for label, _, _ in seqeval.get_entities(tags)) == mine


@given(st.lists(st.sampled_from(["O", "B-X", "I-X", "B-Y", "I-Y", "E-X", "S-X", "E-Y"])))
@settings(max_examples=200, deadline=None)
def test_seqeval_reads_faulty_tags_alike(tags: list[str]) -> None:
    seqeval = pytest.importorskip("seqeval.metrics.sequence_labeling")
    theirs = [(first, last + 1, label) for label, first, last in seqeval.get_entities(tags)]
    assert chunks(tags, Scheme.IOBES)[0] == theirs


class Endless(io.RawIOBase):
    """So many bytes of articles, made as they are read."""

    def __init__(self, number: int) -> None:
        self.left, self.held = number, b""

    def read(self, size: int = -1) -> bytes:
        while len(self.held) < size and self.left:
            self.held += b"-DOCSTART- O\n\n" + PLAIN.encode() * 20 + b"\n"
            self.left -= 1
        out, self.held = self.held[:size], self.held[size:]
        return out


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(number: int) -> int:
        source = Source("x.conll", "x", lambda _: b"", lambda: nullcontext(Endless(number)))  # type: ignore[arg-type]
        assert sum(1 for _ in IMPORTER.read(source, None)) == number
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    small = peak(500)
    assert peak(4_000) < small + 20 * 1024


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")  # what plug-ins of spaCy import
def test_spacy_reads_what_is_written(tmp_path: Path) -> None:
    converters = pytest.importorskip("spacy.training.converters")
    text = export({**article(PLAIN), "id": "a"}, tmp_path)[0]
    docs = list(converters.conll_ner_to_docs(text, no_print=True))
    assert [(span.label_, span.text) for doc in docs for span in doc.ents] == WANTED
    assert [token.text for doc in docs for token in doc] == words(article(PLAIN))
