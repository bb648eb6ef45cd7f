"""Articles as crawled: the text stays what the file holds, its parts are found, and nothing raises."""

from __future__ import annotations

import time
from collections import Counter
from hashlib import sha256

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from corpus_tool.findings import Severity
from corpus_tool.formats import Source, importer
from corpus_tool.formats.article import IMPORTER
from corpus_tool.formats.article.dates import date_of, dateline
from corpus_tool.formats.article.reading import read_article
from corpus_tool.refusals import wide_encoding
from corpus_tool.resources import schema
from tests.corpora import corpora, seed

SCHEMA = Draft202012Validator(schema("article-1"), format_checker=FormatChecker())


def read(text):
    return read_article(text.encode(), "a.md", "a")


def outline(imported):
    """Type and text of each passage; of text over 40 characters the beginning."""
    passages = imported.article["passages"]
    return [(passage["type"], passage["spans"][0]["text"][:40]) for passage in passages]


def metadata(text):
    return read(text).article["metadata"]


def check(imported, data):
    """What holds of every article that was read, whatever it says."""
    article = imported.article
    text = article["text"]
    assert text.encode() == data
    assert article["text_sha256"] == sha256(data).hexdigest()
    assert list(SCHEMA.iter_errors(article)) == []
    starts, outer, end = [], [], 0
    for number, passage in enumerate(article["passages"]):
        (span,) = passage["spans"]
        assert span["text"] == text[span["start"] : span["end"]]
        assert span["text"] == span["text"].strip() != ""
        line, column = imported.places[f"/passages/{number}"]
        assert sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1 == span["start"]
        starts.append(span["start"])
        if passage["type"] == "credit":
            assert outer[-1]["type"] == "caption"
            assert outer[-1]["spans"][0]["start"] <= span["start"] < span["end"] <= outer[-1]["spans"][0]["end"]
        else:
            assert span["start"] >= end
            outer.append(passage)
            end = span["end"]
    assert starts == sorted(starts)
    assert len({passage["id"] for passage in article["passages"]}) == len(article["passages"])


BODY = "The city council met on Thursday and agreed on a budget for the coming year, officials said."
MORE = "Nobody voted against it, and the meeting was over before noon, to the surprise of many."

ARTICLES = {
    "as a newspaper's site is crawled": (
        f"\n\nCouncil Agrees on a Budget\n\nBy [AFP](#)\n\nNovember 17, 2022\n\n\n\nThe mayor. **Ann Lee / AP**\n\n{BODY}\n\n"
        f"Related article: [Old Story](#)\n\n'A small price'\n\n{MORE}\n\nEarly days\n\n{BODY}\n\n"
        "Original url:\n\n<https://example.org/2022/11/17/council>",
        [
            ("headline", "Council Agrees on a Budget"),
            ("byline", "By [AFP](#)"),
            ("dateline", "November 17, 2022"),
            ("caption", "The mayor. **Ann Lee / AP**"),
            ("credit", "Ann Lee / AP"),
            ("paragraph", BODY[:40]),
            ("related", "Related article: [Old Story](#)"),
            ("subheading", "'A small price'"),
            ("paragraph", MORE[:40]),
            ("subheading", "Early days"),
            ("paragraph", BODY[:40]),
            ("source", "Original url:\n\n<https://example.org/2022/11/17/council>"[:40]),
        ],
    ),
    "Markdown": (
        f"# Council *agrees*\n\n*By Ann Lee and [Bo Li](https://example.org/bo)*\n\nPublished: 17 November 2022, 10:30 | Updated: Nov. 18, 2022\n\n"
        f"![The hall](https://example.org/a_(1).jpg)\nThe hall at night. *Ann Lee / Reuters*\n\nASTANA, Nov. 17 (AFP) — {BODY}\n\n"
        f"> Good, said he.\n\n## What next\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n\nmore\n```\n\n---\n\n"
        "**See also:** [B](https://example.org/b)\n\nSource: [C](https://example.org/c)\n",
        [
            ("headline", "Council *agrees*"),
            ("byline", "*By Ann Lee and [Bo Li](https://example.org/bo)*"[:40]),
            ("dateline", "Published: 17 November 2022, 10:30 | Upda"[:40]),
            ("caption", "The hall at night. *Ann Lee / Reuters*"),
            ("credit", "Ann Lee / Reuters"),
            ("paragraph", f"ASTANA, Nov. 17 (AFP) — {BODY}"[:40]),
            ("paragraph", "Good, said he."),
            ("subheading", "What next"),
            ("paragraph", "one"),
            ("paragraph", "two"),
            ("paragraph", "| a | b |\n|---|---|\n| 1 | 2 |"),
            ("paragraph", "code\n\nmore"),
            ("related", "**See also:** [B](https://example.org/b)"),
            ("source", "Source: [C](https://example.org/c)"),
        ],
    ),
    "Setext heading, byline and date in one line": (
        f"Council agrees\n==============\n\nBy Ann Lee | Nov. 17, 2022\n\n{BODY}\n",
        [("headline", "Council agrees"), ("byline", "By Ann Lee | Nov. 17, 2022"), ("paragraph", BODY[:40])],
    ),
    "a line a paragraph": (
        f"Council agrees\nBy AFP\n2022-11-17\n{BODY} {MORE}\nEarly days\n{MORE} {BODY}\nhttps://example.org/x\n",
        [
            ("headline", "Council agrees"),
            ("byline", "By AFP"),
            ("dateline", "2022-11-17"),
            ("paragraph", BODY[:40]),
            ("subheading", "Early days"),
            ("paragraph", MORE[:40]),
            ("source", "https://example.org/x"),
        ],
    ),
    "Windows line ends and a byte order mark": (
        f"\ufeffCouncil agrees\r\n\r\nBy AFP\r\n\r\n{BODY}\r\nAnd so on.\r\n",
        [("headline", "Council agrees"), ("byline", "By AFP"), ("paragraph", BODY[:40])],
    ),
    "Russian": (
        "Совет принял бюджет\n\nАвтор(ы): Анна Ли, Бо Ли\n\n17 ноября 2022 г., 14:05\n\nМэр города. **Анна Ли / ТАСС**\n\n"
        "Совет принял бюджет в четверг, сообщили чиновники.\n\nЧитайте также: [Другое](#)\n\n«Малая цена»\n\n«Это успех», — сказал он.\n\n"
        "Что дальше\n\nНикто не голосовал против.\n\nИсточник: https://example.org/ru",
        [
            ("headline", "Совет принял бюджет"),
            ("byline", "Автор(ы): Анна Ли, Бо Ли"),
            ("dateline", "17 ноября 2022 г., 14:05"),
            ("caption", "Мэр города. **Анна Ли / ТАСС**"),
            ("credit", "Анна Ли / ТАСС"),
            ("paragraph", "Совет принял бюджет в четверг, сообщили чиновники."[:40]),
            ("related", "Читайте также: [Другое](#)"),
            ("subheading", "«Малая цена»"),
            ("paragraph", "«Это успех», — сказал он."),
            ("subheading", "Что дальше"),
            ("paragraph", "Никто не голосовал против."),
            ("source", "Источник: https://example.org/ru"),
        ],
    ),
    "Kazakh": (
        "Кеңес бюджетті қабылдады\nАвтор: Айгүл Серікова\n2022 жылғы 17 қараша\nСурет: Қазақпарат\n\nКеңес бюджетті қабылдады, деп хабарлады әкімдік.\n\n"
        "Оқи отырыңыз: [Басқа](#)\n\nКелесі қадам\n\nЕшкім қарсы болған жоқ.\n\nДереккөз:\nhttps://example.org/kk",
        [
            ("headline", "Кеңес бюджетті қабылдады"),
            ("byline", "Автор: Айгүл Серікова"),
            ("dateline", "2022 жылғы 17 қараша"),
            ("caption", "Сурет: Қазақпарат"),
            ("credit", "Сурет: Қазақпарат"),
            ("paragraph", "Кеңес бюджетті қабылдады, деп хабарлады әкімдік."[:40]),
            ("related", "Оқи отырыңыз: [Басқа](#)"),
            ("subheading", "Келесі қадам"),
            ("paragraph", "Ешкім қарсы болған жоқ."),
            ("source", "Дереккөз:\nhttps://example.org/kk"),
        ],
    ),
    "German ordinal is a date, not a list": (
        f"Rat beschließt\n\nVon Anna Lee\n\n17. November 2022\n\n{BODY}",
        [
            ("headline", "Rat beschließt"),
            ("byline", "Von Anna Lee"),
            ("dateline", "17. November 2022"),
            ("paragraph", BODY[:40]),
        ],
    ),
    "no headline": (f"{BODY}\n\n{MORE}", [("paragraph", BODY[:40]), ("paragraph", MORE[:40])]),
    "a headline that begins with By": (
        f"By the numbers: the budget\n\n{BODY}",
        [("headline", "By the numbers: the budget"), ("paragraph", BODY[:40])],
    ),
    "a name beside the date": (
        f"Council agrees\n\nAnn Lee\n\n17/11/2022\n\n{BODY}",
        [("headline", "Council agrees"), ("byline", "Ann Lee"), ("dateline", "17/11/2022"), ("paragraph", BODY[:40])],
    ),
    "captions: several, in brackets, of an image, a credit line of its own": (
        f"# T\n\n![A hall](a.jpg)\n\nThe hall (Photo: City)\n\n{BODY}\n\n![](b.jpg)\n*The hall by day*\nPhoto: Ann Lee\n\n{MORE}\n\n![The empty hall](c.jpg)\n\n{BODY}",
        [
            ("headline", "T"),
            ("caption", "The hall (Photo: City)"),
            ("credit", "Photo: City"),
            ("paragraph", BODY[:40]),
            ("caption", "*The hall by day*\nPhoto: Ann Lee"),
            ("credit", "Photo: Ann Lee"),
            ("paragraph", MORE[:40]),
            ("caption", "The empty hall"),
            ("paragraph", BODY[:40]),
        ],
    ),
    "a credit on a line below its caption, a bold line above its text": (
        f"# T\n\nThe hall by night.\n**Wikicommons**\n\n{BODY}\n\n**What now**\n{MORE}",
        [
            ("headline", "T"),
            ("caption", "The hall by night.\n**Wikicommons**"),
            ("credit", "Wikicommons"),
            ("paragraph", BODY[:40]),
            ("subheading", "What now"),
            ("paragraph", MORE[:40]),
        ],
    ),
    "HTML: a figure, a comment, a style": (
        f"# T\n\n<style>\np {{ color: red }}\n</style>\n\n<!-- no -->\n\n<figure>\n<img src='a.jpg'>\n<figcaption>The hall. Photo: AP</figcaption>\n</figure>\n\n{BODY}",
        [("headline", "T"), ("caption", "The hall. Photo: AP"), ("credit", "Photo: AP"), ("paragraph", BODY[:40])],
    ),
    "emphasis in a paragraph is no credit": (
        f"# T\n\n{BODY}\n\n{MORE}\n\nHe said so to **The Daily**\n\nIt was *very important*.",
        [
            ("headline", "T"),
            ("paragraph", BODY[:40]),
            ("paragraph", MORE[:40]),
            ("paragraph", "He said so to **The Daily**"),
            ("paragraph", "It was *very important*."),
        ],
    ),
    "a list of related articles is one passage": (
        f"# T\n\n{BODY}\n\nRead more:\n\n- [A](#)\n- [B](#)\n\n{MORE}",
        [
            ("headline", "T"),
            ("paragraph", BODY[:40]),
            ("related", "Read more:\n\n- [A](#)\n- [B](#)"),
            ("paragraph", MORE[:40]),
        ],
    ),
    "subheadings: bold, a question; not a list without marks, not the last line": (
        f"# T\n\n{BODY}\n\n**What now**\n\n{MORE}\n\nWhy so soon?\n\n{BODY}\n\nApples\n\nPears\n\nPlums\n\n{MORE}\n\nAFP contributed reporting",
        [
            ("headline", "T"),
            ("paragraph", BODY[:40]),
            ("subheading", "What now"),
            ("paragraph", MORE[:40]),
            ("subheading", "Why so soon?"),
            ("paragraph", BODY[:40]),
            ("paragraph", "Apples"),
            ("paragraph", "Pears"),
            ("paragraph", "Plums"),
            ("paragraph", MORE[:40]),
            ("paragraph", "AFP contributed reporting"),
        ],
    ),
    "indented and set off by no-break spaces": (
        f"Council agrees\n\u00a0\n\u00a0\u00a0\u00a0\u00a0{BODY}\n\u00a0\n\t{MORE}\n",
        [("headline", "Council agrees"), ("paragraph", BODY[:40]), ("paragraph", MORE[:40])],
    ),
    "bylines and dates far from the head are text": (
        f"# T\n\n{BODY}\n\n{MORE}\n\n{BODY}\n\nBy Ann Lee\n\nNovember 17, 2022\n",
        [
            ("headline", "T"),
            *[("paragraph", line[:40]) for line in (BODY, MORE, BODY)],
            ("subheading", "By Ann Lee"),
            ("paragraph", "November 17, 2022"),
        ],
    ),
    "front matter is no passage, its title no headline": (
        f"---\ntitle: T\n---\n{BODY}\n",
        [("paragraph", BODY[:40])],
    ),
    "front matter whose title the text repeats": (
        f"---\ntitle: Council agrees!\n---\n\nCouncil agrees\n\n{BODY}\n",
        [("headline", "Council agrees"), ("paragraph", BODY[:40])],
    ),
    "rules around text are no front matter": (
        f"---\n\n{BODY}\n\n---\n\n{MORE}\n",
        [("paragraph", BODY[:40]), ("paragraph", MORE[:40])],
    ),
}


@pytest.mark.parametrize(("text", "expected"), ARTICLES.values(), ids=ARTICLES)
def test_passages(text, expected):
    imported = read(text)
    check(imported, text.encode())
    assert outline(imported) == expected
    assert imported.findings == ()


HEAD = "Council Agrees on a Budget\n\nBy [AFP](#)\n\nNovember 17, 2022\n\n\n\n"
HEADED = [("headline", "Council Agrees on a Budget"), ("byline", "By [AFP](#)"), ("dateline", "November 17, 2022")]
PARTS = {
    "a caption that is only a credit": (
        f"**Ann Lee / AP / TASS**\n\n{BODY}\n\n{MORE}\n\n{BODY}\n\n**Bo Li / AFP**\n\n{MORE}",
        [("caption", "Ann Lee / AP / TASS"), ("credit", "Ann Lee / AP / TASS"), BODY, MORE, BODY,
         ("caption", "Bo Li / AFP"), ("credit", "Bo Li / AFP"), MORE],
    ),
    "a caption that is only a service's name": (
        f"**Social media**\n\n{BODY}\n\n{MORE}", [("caption", "Social media"), ("credit", "Social media"), BODY, MORE],
    ),
    "a credit without marks": (
        f"The hall in Astana. Ann Lee / AFP\n\n{BODY}\n\n{MORE}",
        [("caption", "The hall in Astana. Ann Lee / AFP"), ("credit", "Ann Lee / AFP"), BODY, MORE],
    ),
    "a credit in a block of its own below its caption": (
        f"The hall in Astana.\n\n**Ann Lee / AFP**\n\n{BODY}\n\n{MORE}",
        [("caption", "The hall in Astana.\n\n**Ann Lee / AFP**"), ("credit", "Ann Lee / AFP"), BODY, MORE],
    ),
    "captions amid the text, one without a full stop, one by an office": (
        f"{BODY}\n\n{MORE}\n\n{BODY}\n\nThe hall in Astana **Bo Li / RFE/RL**\n\n{MORE}\n\n"
        f"Votes are counted. **Press Office of the Council of the City**\n\n{BODY}",
        [BODY, MORE, BODY, ("caption", "The hall in Astana **Bo Li / RFE/RL**"), ("credit", "Bo Li / RFE/RL"), MORE,
         ("caption", "Votes are counted. **Press Office of the Council of the City**"), ("credit", "Press Office of the Council of the City"), BODY],
    ),
    "a sentence that ends in a bold name is no caption": (
        "They agreed, according to **Reuters**\n\nHe told **AFP**\n\nNo more.", ["They agreed, according to **Reuters**", "He told **AFP**", "No more."],
    ),
    "a few words in the gap of a picture": (f"The mayor in the hall.\n\n{BODY}\n\n{MORE}", [("caption", "The mayor in the hall."), BODY, MORE]),
    "names in the gap of a picture are no byline": (f"Mayor Ann Lee in Astana\n\n{BODY}\n\n{MORE}", [("caption", "Mayor Ann Lee in Astana"), BODY, MORE]),
    "a sentence in the gap is no caption": (f"It was dark.\n\n{BODY}\n\n{MORE}", ["It was dark.", BODY, MORE]),
    "an image that is described, a first sentence": (
        "![Smoke over the hall](a.jpg)\n\nA blast shook the hall.\n\nNo one was hurt.",
        [("caption", "Smoke over the hall"), "A blast shook the hall.", "No one was hurt."],
    ),
    "subheadings: numbered, a figure, a quoted question, an abbreviation": (
        f"{BODY}\n\n1. Trade\n\n{MORE}\n\n2. Money\n\n{BODY}\n\n12%\n\n{MORE}\n\n'Why here?'\n\n{BODY}\n\nTies with the U.S.\n\n{MORE}",
        [BODY, ("subheading", "1. Trade"), MORE, ("subheading", "2. Money"), BODY, ("subheading", "12%"), MORE,
         ("subheading", "'Why here?'"), BODY, ("subheading", "Ties with the U.S."), MORE],
    ),
    "a chronicle": (
        f"It took days.\n\nJan. 5\n\n{BODY}\n\n5:55 a.m.\n\n{MORE}",
        ["It took days.", ("subheading", "Jan. 5"), BODY, ("subheading", "5:55 a.m."), MORE],
    ),
    "an interview": (
        f"{BODY}\n\n**Q: When was that?**\n\nA: In May.\n\n**Q: Why so?**\n\nMT: Are you sure?\n\nLee: Yes.\n\nMT: Is it so?\n\nLee: It is.",
        [BODY, "**Q: When was that?**", "A: In May.", "**Q: Why so?**", "MT: Are you sure?", "Lee: Yes.", "MT: Is it so?", "Lee: It is."],
    ),
    "short lines that are no subheadings": (
        f"{BODY}\n\n\"Why not?\"\n\n'Not at all,' she said\n\nBut why then?\n\nThe mayor said it was over\n\nIt began at 8 p.m.<br>\n\nAdvertisement\n\n"
        "AFP contributed reporting\n\nThis is a developing story\n\nMore soon.",
        [BODY, '"Why not?"', "'Not at all,' she said", "But why then?", "The mayor said it was over", "It began at 8 p.m.<br>", "Advertisement",
         "AFP contributed reporting", "This is a developing story", "More soon."],
    ),
    "labels of related articles that say of what": (
        f"{BODY}\n\nRead more in our report: [A](#)\n\nRead more about: [A](#), [B](#)\n\nRead more books, he said: it helps.\n\n{MORE}",
        [BODY, ("related", "Read more in our report: [A](#)"), ("related", "Read more about: [A](#), [B](#)"), "Read more books, he said: it helps.", MORE],
    ),
    "a source whose address is gone": (f"{BODY}\n\nOriginal url:", [BODY, ("source", "Original url:")]),
    "no blank line between short paragraphs": (
        "They met.\nThey agreed.\nEarly days\nNobody voted against it.\nOriginal url: https://example.org/a",
        ["They met.", "They agreed.", ("subheading", "Early days"), "Nobody voted against it.", ("source", "Original url: https://example.org/a")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("text", "expected"), PARTS.values(), ids=PARTS)
def test_parts_below_a_head(text, expected, line_end):
    text, parts = HEAD + text, [("paragraph", part) if isinstance(part, str) else part for part in expected]
    imported = read(text.replace("\n", line_end))
    check(imported, text.replace("\n", line_end).encode())
    found = [(part["type"], part["spans"][0]["text"].replace("\r", "")) for part in imported.article["passages"]]
    assert found == HEADED + parts


@pytest.mark.parametrize(
    "headline",
    [
        "Watch: The Vote",
        "By Land, Sea and Air",
        "Photos: The Hall",
        "Source: Mayor to Resign",
        "Who Won? 'Nobody' — 🗳️",
        "It Is Over.",
    ],
)
def test_a_headline_above_a_byline(headline):
    imported = read(f"{headline}\n\nBy AFP\n\nNov. 17, 2022\n\n{BODY}\n\n{MORE}\n")
    types = ["headline", "byline", "dateline", "paragraph", "paragraph"]
    assert [passage["type"] for passage in imported.article["passages"]] == types
    assert imported.article["metadata"]["headlines"][0]["value"] == headline


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("By Reuters / AFP", "Reuters / AFP"),
        ("By a Council Times reporter", "a Council Times reporter"),
        ("By staff and agencies", "staff and agencies"),
        ("By [Ann Lee](#)\n\nBy [Bo Li](#)", "Ann Lee, Bo Li"),
        ("By Ann Lee in Astana and Bo Li Chan in Almaty", "Ann Lee in Astana and Bo Li Chan in Almaty"),
        ("By Ann Lee • Nov. 17, 2022", "Ann Lee"),
    ],
)
def test_who_wrote_it(lines, names):
    found = metadata(f"Council Agrees\n\n{lines}\n\nNov. 17, 2022\n\n{BODY}\n\n{MORE}\n")
    assert (found["by"], found["contentCreated"]) == (names, "2022-11-17")


METADATA = {
    "of the text": (
        "Council agrees\n\nBy [AFP](#) and **Ann Lee**\n\nASTANA, November 17, 2022\n\nIt was so.\n\nOriginal url:\n<https://example.org/a>",
        {
            "uri": "https://example.org/a",
            "headlines": [{"role": "main", "value": "Council agrees"}],
            "by": "AFP and Ann Lee",
            "located": "ASTANA",
            "contentCreated": "2022-11-17",
        },
    ),
    "of front matter": (
        "---\ntitle: 'A: b'\ndate: 2022-11-17 14:00:00 -5\nauthors:\n  - Ann Lee\n  - name: Bo Li\nlang: en_US\nlink: https://example.org/a\n"
        "tags: [x, no, x]\nsource: AFP\nlicense: CC-BY-4.0\ndescription: d\nimage:\n---\nIt was so.\n",
        {
            "uri": "https://example.org/a",
            "language": "en-US",
            "headlines": [{"role": "main", "value": "A: b"}],
            "by": "Ann Lee, Bo Li",
            "contentCreated": "2022-11-17T14:00:00-05:00",
            "usageTerms": "CC-BY-4.0",
            "infoSources": [{"name": "AFP"}],
            "keywords": ["x", "no"],
        },
    ),
    "front matter before text": (
        "---\nauthor: Ann Lee\n---\n# T\n\nBy AFP\n\n17.11.2022\n\nIt was so.\n",
        {"headlines": [{"role": "main", "value": "T"}], "by": "Ann Lee", "contentCreated": "2022-11-17"},
    ),
    "the original before a source of figures": (
        "# T\n\nIt was so.\n\nOriginal url: https://example.org/a\n\nSource: https://example.org/b\n",
        {"uri": "https://example.org/a", "headlines": [{"role": "main", "value": "T"}]},
    ),
    "an address with other letters": (
        "It was so.\n\nИсточник: https://пример.рф/новости?q=да#я",
        {"uri": "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8?q=%D0%B4%D0%B0#%D1%8F"},
    ),
    "a source without an address": (
        "It was so.\n\nИсточник: пресс-служба мэрии",
        {"infoSources": [{"name": "пресс-служба мэрии"}]},
    ),
    "published, not updated": (
        "# T\n\nUpdated: Nov. 18, 2022\n\nPublished: Nov. 17, 2022\n\nIt was so.",
        {"headlines": [{"role": "main", "value": "T"}], "contentCreated": "2022-11-17"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), METADATA.values(), ids=METADATA)
def test_metadata(text, expected):
    imported = read(text)
    check(imported, text.encode())
    assert imported.article["metadata"] == expected
    assert imported.findings == ()


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("November 17, 2022", "2022-11-17"),
        ("Nov. 17, 2022, 10:30 a.m. ET", "2022-11-17"),
        ("17 November 2022", "2022-11-17"),
        ("Thursday, 17th of November, 2022 at 14:05", "2022-11-17"),
        ("2022-11-17", "2022-11-17"),
        ("2022-11-17T10:30:00+06:00", "2022-11-17T10:30:00+06:00"),
        ("2022-11-17 10:30 GMT", "2022-11-17T10:30:00Z"),
        ("Updated: Nov. 17, 2022", "2022-11-17"),
        ("Published 17 Nov 2022 · 5 min read", "2022-11-17"),
        ("17 ноября 2022 года, 14:05 мск", "2022-11-17"),
        ("Опубликовано: 17.11.2022 14:05", "2022-11-17"),
        ("Четверг, 17 ноября 2022", "2022-11-17"),
        ("2022 жылғы 17 қараша", "2022-11-17"),
        ("2022 ж. 17 қараша, сағат 14:05", "2022-11-17"),
        ("17 қараша 2022 жыл", "2022-11-17"),
        ("17. März 2022", "2022-03-17"),
        ("le 17 novembre 2022", "2022-11-17"),
        ("17 de noviembre de 2022", "2022-11-17"),
        ("11/17/2022", "2022-11-17"),
        ("2022年11月17日", "2022-11-17"),
        ("10/11/2022", None),
        ("17 ноября, 14:05", None),
        ("February 30, 2022", None),
        ("September 2022", None),
    ],
)
def test_a_line_that_is_a_date(line, iso):
    found = dateline(line)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    "line",
    [
        "On November 17, 2022 he resigned",
        "Nov. 17 Election Results",
        "2022",
        "10:30",
        "May",
        "Marching on 17",
        "ſep 1, 2022 x",
        "",
    ],
)
def test_a_line_that_is_no_date(line):
    assert dateline(line) is None


@pytest.mark.parametrize("value", ["2022-13-45", "soon", "2022", "2022-11-17 and 2022-11-18", "1" * 500])
def test_a_value_that_is_no_date(value):
    assert date_of(value) is None


REFUSED = {
    "not UTF-8": (b"Caf\xc3\xa9\n\nna\xefve", "IO001", (3, 3), "byte 9"),
    "UTF-16": ("Title\n".encode("utf-16"), "IO001", (1, 1), "UTF-16"),
    "UTF-16 without a mark": ("Title\n".encode("utf-16-be"), "IO001", (1, 1), "UTF-16"),
    "UTF-32": ("Title\n".encode("utf-32"), "IO001", (1, 1), "UTF-32"),
    "a surrogate": (b"a \xed\xa0\x80", "IO001", (1, 3), "byte 2"),
    "empty": (b"", "TXT203", (1, 1), "empty"),
    "white space": (" \n\u2028\u00a0\r\n".encode(), "TXT203", (1, 1), "white space"),
    "only a byte order mark": (b"\xef\xbb\xbf\n", "TXT203", (1, 1), "empty"),
}


@pytest.mark.parametrize(("data", "code", "place", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_without_an_article(data, code, place, said):
    imported = read_article(data, "dir/a.txt", "a")
    (finding,) = imported.findings
    assert imported.article is None
    assert (finding.code, finding.severity, finding.location.path) == (code, Severity.ERROR, "dir/a.txt")
    assert (finding.location.line, finding.location.column) == place
    assert said in finding.message


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
UNUSABLE = {
    "an alias bomb": (BOMB, 3, "alias"),
    "an alias of itself": ("title: &a [*a]\n", 2, "alias"),
    "nested without end": ("title: " + "[" * 5000 + "\n", 2, "deep"),
    "an open quote": ("title: 'x\n", 3, "not usable"),
    "a tab": ("title:\n\t- x\n", 3, "not usable"),
    "a control character": ("title: \x01\n", 2, "not usable"),
    "too large": ("title: " + "x" * 70_000 + "\n", 1, "larger"),
    "two documents' worth of braces": ("title: }{\n", 2, "not usable"),
    "a key twice": ("title: A\ntitle: B\n", 3, "given twice"),
    "no date": ("date: soon\n", 2, "'date'"),
    "no such day": ("date: 2022-02-30\n", 2, "'date'"),
    "no language": ("lang: in English, of course\n", 2, "language"),
    "no address": ("url: not an address\n", 2, "uri"),
    "a broken escape in an address": ("url: https://example.org/%zz\n", 2, "uri"),
}


@pytest.mark.parametrize(("yaml", "line", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_front_matter_that_cannot_be_used(yaml, line, said):
    text = f"---\n{yaml}---\n{BODY}\n"
    imported = read(text)
    check(imported, text.encode())
    (finding,) = imported.findings
    assert (finding.code, finding.name, finding.severity) == ("IO008", "front-matter-is-usable", Severity.WARNING)
    assert (finding.location.line, finding.location.article) == (line, "a")
    assert said in finding.message
    assert outline(imported) == [("paragraph", BODY[:40])]
    assert imported.article["metadata"] in ({}, {"headlines": [{"role": "main", "value": "A"}]})


def test_front_matter_builds_no_objects():
    assert metadata("---\ntitle: !!python/object/apply:os.system [exit 1]\n---\nx y\n") == {
        "headlines": [{"role": "main", "value": "exit 1"}]
    }


def test_an_address_of_the_text_that_is_none():
    imported = read(f"{BODY}\n\nSource: https://exa[mple.org/\n")
    assert [(finding.code, finding.location.line, finding.location.pointer) for finding in imported.findings] == [
        ("IO008", 3, "/metadata/uri")
    ]
    assert imported.article["metadata"] == {}


def test_an_insertion_renames_no_other_passage():
    before = read(f"# T\n\n{BODY}\n\n{MORE}\n").article["passages"]
    after = read(f"# T\n\nNew, it said.\n\n{BODY}\n\n{MORE}\n").article["passages"]
    assert {passage["id"] for passage in before} < {passage["id"] for passage in after}


def test_the_importer_is_found_by_name():
    assert importer("article") is IMPORTER
    assert (IMPORTER.name, IMPORTER.inventory([])) == ("article", None)
    assert IMPORTER.suffixes == (".txt", ".md", ".html", ".htm", ".xhtml")
    (imported,) = IMPORTER.read(Source("x/a.txt", "a", lambda suffix: b"# T" if suffix is None else None), None)
    assert (imported.path, imported.article["id"], imported.places) == ("x/a.txt", "a", {"/passages/0": (1, 3)})


# Real articles


def test_the_seed_article():
    (path,) = seed().glob("*.txt")
    imported = read_article(path.read_bytes(), path.name, path.stem)
    check(imported, path.read_bytes())
    article = imported.article
    assert Counter(passage["type"] for passage in article["passages"]) == {
        "headline": 1, "byline": 1, "dateline": 1, "caption": 1, "credit": 1, "related": 1, "subheading": 2, "paragraph": 27, "source": 1,
    }  # fmt: skip
    assert article["metadata"].keys() == {"uri", "headlines", "by", "contentCreated"}
    assert (article["metadata"]["by"], article["metadata"]["contentCreated"]) == ("AFP", "2022-11-17")
    assert article["metadata"]["uri"].startswith("https://www.")


@pytest.mark.parametrize(("name", "pattern"), [("markdown-posts", "2*.md"), ("factrueval-ru", "*.txt")])
def test_real_articles(name, pattern):
    paths = sorted(corpora(name).glob(pattern))
    assert len(paths) > 10
    for path in paths:
        imported = read_article(path.read_bytes(), path.name, path.stem)
        check(imported, path.read_bytes())
        assert imported.findings == ()
        counts = Counter(passage["type"] for passage in imported.article["passages"])
        assert counts["paragraph"] >= 1
        assert counts["headline"] <= 1


# Any text

LINES = st.sampled_from(
    (
        "# ", "By Ann Lee", "---", "===", "title: x", "**x**", "*y*", "![a b](c)", "[x](#)", "> q", "- i", "1. n", "```", "| a |", "|---|",
        "17 ноября 2022", "Photo: AP", "The mayor. **AP**", "Source:", "https://example.org", "Related:", "<b>", "<!--", "\ufeff", "\u2028",
        "\r", "\t", "\0", "e\u0301", "👩‍👩‍👧", "    x", "...", BODY, "(Photo: X)", "<figcaption>x</figcaption>", "\u00a0", "\x1f", "date: 1",
        "1. Trade", "12%", "A: b", "**A / AP**", "Bo Li / AFP", "(AP)", "Read more about: [x](#)", "Original url:", "By AFP", "[](#)", "\n\n\n",
    )
)  # fmt: skip
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(("\n", "\n\n", "\r\n", " ", ""))), min_size=1).map(
    lambda parts: "".join(part for pair in parts for part in pair)
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(TEXTS, st.text(min_size=1)))
@example("---\n---\n")
@example("> " * 50 + "deep")
@example("# #\n\n## ## x ##\n\n# ")
@example("Title\n\nBy AFP\n\n\n\n**\n\nIt was so.")
@example("Title\n\n![a b](c)**AP**\nPhoto: x\n")
def test_any_text(text):
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    imported = read_article(data, "a", "a")
    if imported.article is None:
        assert wide_encoding(data) or text.replace("\ufeff", "").strip() == ""
    else:
        check(imported, data)


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes(data):
    imported = read_article(data, "a", "a")
    assert (imported.article is None) == any(finding.severity is Severity.ERROR for finding in imported.findings)


@pytest.mark.parametrize(
    "text",
    [
        "> " * 30_000 + "x", "- " * 30_000 + "x", "[" * 60_000, "[](" * 20_000, "*" * 60_000 + "x", "_a" * 30_000, "<!-- -->" * 8_000 + "x",
        "a\n" * 30_000, "- a\n" * 10_000, "> a\n" * 20_000, "`" * 60_000, "By " + "A " * 30_000, "1 " * 30_000, "|" * 50_000 + "\n|-|",
        "---\n" + "a: b\n" * 100_000 + "---\nx y", "---\na: " + "[\n" * 30_000 + "\n---\nx", "Source: " + "(" * 3000, "![](" * 1000,
    ],
    ids=range(18),
)  # fmt: skip
def test_no_text_takes_long(text):
    began = time.process_time()
    imported = read(text)
    assert time.process_time() - began < 5
    assert imported.article["text"] == text
