"""IO005 and TXT: the text itself, with every offset moved along."""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise
from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import annotations, choose, move, rewrite, spans, words

HOLDERS = (
    "passages",
    "sentences",
    "tokens",
    "words",
    "entities",
    "relations",
    "events",
    "quotations",
    "coreference",
    "notes",
)


def _inside_a_word(pick: Random, article: Article) -> int:
    low, high = pick.choice([(low, high) for low, high in words(article) if high - low > 3])
    return pick.randrange(low + 1, high - 1)


@breaks("IO005")
def carriage_return(pick: Random, article: Article) -> str:
    at = pick.choice([at for at, char in enumerate(article["text"]) if char == "\n"])
    rewrite(article, at, "\n", pick.choice(["\r\n", "\r"]))
    return ""


@breaks("TXT201")
def accent_of_its_own(pick: Random, article: Article) -> str:
    at = _inside_a_word(pick, article)
    mark = next(
        mark for mark in "\u0301\u0306\u0308\u0340" if not unicodedata.is_normalized("NFC", article["text"][at] + mark)
    )
    rewrite(article, at, article["text"][at], article["text"][at] + mark)
    return ""


@breaks("TXT202")
def unseen_character(pick: Random, article: Article) -> str:
    at = _inside_a_word(pick, article)
    unseen = pick.choice(["\u200b", "\ufeff", "\u202e", "\u2066", "\x07", "\x1b", "\ufffd", "\u00ad" * 0 + "\x85"])
    rewrite(article, at, article["text"][at], article["text"][at] + unseen)
    return ""


@breaks("TXT202")
def byte_order_mark(pick: Random, article: Article) -> str:
    rewrite(article, 0, "", "\ufeff")
    return ""


@breaks("TXT203")
def nothing_but_white_space(pick: Random, article: Article) -> str:
    article["text"] = "".join(pick.choices(" \n\t\u00a0\u3000", k=pick.randrange(5)))
    for layer in (*HOLDERS, "text_sha256"):
        article.pop(layer, None)
    return ""


@breaks("TXT204")
def other_unit(pick: Random, article: Article) -> str:
    """As JavaScript counts, or as C does; where the two agree, nobody can tell them apart, and every offset is wrong."""
    rewrite(article, 0, "", pick.choice(["\U0001f600", "\U0001f600\U0001f600 "]))
    encoding, width = pick.choice([("utf-16-le", 2), ("utf-8", 1)])
    text = article["text"]
    units = [0]
    for char in text:
        units.append(units[-1] + len(char.encode(encoding)) // width)
    for _, _, span in spans(article):
        span["start"], span["end"] = units[span["start"]], units[span["end"]]
    return ""


@breaks("TXT205")
def text_of_another_day(pick: Random, article: Article) -> str:
    digest = article["text_sha256"]
    at = pick.randrange(64)
    article["text_sha256"] = (
        digest[:at] + pick.choice([digit for digit in "0123456789abcdef" if digit != digest[at]]) + digest[at + 1 :]
    )
    return ""


@breaks("TXT205")
def full_stop_gone(pick: Random, article: Article) -> str | None:
    """At the end of the text, so that every surface is right."""
    end = max(span["end"] for _, _, span in spans(article))
    article["text"] = article["text"][:end] + pick.choice([" ", "\n\n\n", " \u2014"])
    return ""


@breaks("TXT206")
def passage_lost(pick: Random, article: Article) -> str | None:
    every = annotations(article, "passages")
    edges = [(one["spans"][0]["start"], one["spans"][0]["end"]) for _, one in every]
    noted = {one.get("ref") for one in article.get("notes", [])}
    alone = [
        number
        for number, (low, high) in enumerate(edges)
        if every[number][1]["id"] not in noted
        and not any(a < high and low < b for other, (a, b) in enumerate(edges) if other != number)
        and any(low <= a and b <= high for a, b in words(article))
    ]
    del article["passages"][pick.choice(alone)]
    return ""


@breaks("TXT206")
def passages_that_share_text(pick: Random, article: Article) -> str | None:
    every = sorted(spans(article, "passages"), key=lambda found: found[2]["start"])
    pairs = [(one, two) for one, two in pairwise(every) if one[2]["end"] <= two[2]["start"]]
    found = [
        (one[2], two, high)
        for one, two in pairs
        for low, high in words(article)
        if low == two[2]["start"] and high < two[2]["end"]
    ]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    span, two, end = chosen
    move(article, span, span["start"], end)
    return str(two[0]).partition("/spans")[0]


@breaks("TXT207")
def tag_left_over(pick: Random, article: Article) -> str:
    low, high = pick.choice(words(article))
    word = article["text"][low:high]
    rewrite(
        article,
        low,
        word,
        pick.choice([f"<b>{word}</b>", f"<span class='x'>{word}</span>", f"{word}<br/>", f"{word}<!-- x -->"]),
    )
    return ""


@breaks("TXT207")
def character_reference(pick: Random, article: Article) -> str:
    at = _inside_a_word(pick, article)
    rewrite(article, at, article["text"][at], pick.choice(["&amp;", "&#39;", "&eacute;", "&#x41;"]))
    return ""


def _edit(article: Article, at: int, old: str, new: str) -> str:
    """Of the text alone: spans stay where they were."""
    text = article["text"]
    assert text.startswith(old, at)
    article["text"] = text[:at] + new + text[at + len(old) :]
    article["text_sha256"] = hashlib.sha256(article["text"].encode()).hexdigest()
    return ""


@breaks("TXT208")
def characters_put_in(pick: Random, article: Article) -> str:
    words_ = words(article)
    low, _ = pick.choice(words_[: len(words_) // 2])
    return _edit(article, low, "", pick.choice(["x", "xyz ", "Word "]))


@breaks("TXT208")
def characters_taken_out(pick: Random, article: Article) -> str:
    words_ = words(article)
    low, high = pick.choice(words_[: len(words_) // 2])
    return _edit(article, low, article["text"][low:high], "")


@breaks("TXT208")
def line_ends_read_as_one(pick: Random, article: Article) -> str:
    article["text"] = article["text"].replace("\n", "\r\n")
    article["text_sha256"] = hashlib.sha256(article["text"].encode()).hexdigest()
    return ""


@breaks("TXT208")
def mark_dropped(pick: Random, article: Article) -> str:
    return _edit(article, 0, "", pick.choice(["\ufeff", "\n", " \n"]))
