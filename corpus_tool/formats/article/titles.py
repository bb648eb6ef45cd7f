"""Which lines without marks could be subheadings, and which only look so."""

# ruff: noqa: RUF001 - words and marks of several scripts

from __future__ import annotations

import re

from corpus_tool.formats.article.cues import FINAL, QUOTES, alternatives
from corpus_tool.formats.article.inline import URL, plain

_TAG = re.compile(r"<[^<>]{1,200}>")
_SPEECH = re.compile(r",[\"'”’»]\s")
_SINGLE_QUOTED = re.compile(r"(['‘’])[^'‘’\"].{0,80}['’]")
_REPORTED = re.compile(r"\s(?:said|told|declined|сообщил[аи]?|заявил[аи]?|сказал[аи]?|деді)(?!\w)", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:But|And|Or|Yet|Но|А|И|Или)\s[a-zа-яё]")
_FIGURE = re.compile(
    r"[$€£₽₸]?\d[\d.,  ]{0,12}\d?(?:\s?%|(?<=,\d\d\d))|[$€£₽₸]\d[\d.,]*|\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?"
)
_FURNITURE = re.compile(
    alternatives(
        r"advertis(?:e)?ments?|реклама|жарнама|share(?: (?:this )?(?:article|story))?|comments?|tags?",
        r".{0,60}\bcontributed (?:to|reporting)\b.*|(?:additional )?reporting by\s.*",
        r"(?:this is a|a) developing story.*|more to (?:follow|come)|all rights reserved.*|©.*",
        r"(?:subscribe|sign up|follow us|join us|support us|donate|not ready to support|remind me)\b.*",
        r"(?:подписывайтесь|подпишитесь|поддержите|присоединяйтесь|жазылыңыз)\b.*",
    ),
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[\"“”«»]|(?<!\w)(?:is|are|was|were|has|have|had|will|would|can|could|may|said|says|did|does|do|he|she|it|they|we|i|you|there|this"
    r"|он|она|они|мы|я|вы|это|был[аио]?|будет|заявил[аи]?|сообщил[аи]?|деп)(?!\w)",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"\b[A-ZА-Я]\.[A-ZА-Я]\.$")
_LABEL = re.compile(r"(\S[^:\n]{0,30}):\s")


def short_title(line: str) -> bool:
    """Whether a line could be a subheading: short, with a capital, and not ended like a sentence."""
    words = plain(_TAG.sub("", line))
    bare = words.strip(QUOTES + " ")
    if "\n" in line or not bare or len(words) > 90 or len(words.split()) > 13 or words[0] in "—–-•*+>|#(<[{":
        return False
    if _FIGURE.fullmatch(bare):
        return True
    if (line[-1] in "*_" and line[0] not in "*_") or _FURNITURE.fullmatch(bare) or _SPEECH.search(words):
        return False
    first = next((character for character in bare if character.isalnum()), "")
    if not first or (first.islower() and not re.match(r"\w{1,2}[A-Z]", bare)):
        return False
    return _ends_like_a_title(words, bare)


def _ends_like_a_title(words: str, bare: str) -> bool:
    # Newspapers set speech in double quotes, and headlines in single ones.
    if bare.endswith(("?", "!")) and _SINGLE_QUOTED.fullmatch(words):
        return len(bare.split()) <= 9
    if bare.endswith("?") and words[0] not in QUOTES:
        return len(bare.split()) <= 9 and not _GOES_ON.match(bare)
    if _ABBREVIATED.search(bare):
        return len(bare.split()) <= 6 and not _CLAUSE.search(words)
    if words[0] not in QUOTES and _REPORTED.search(words):
        return False
    return not bare.endswith(tuple(FINAL)) and not URL.search(words) and any(map(str.isalpha, bare))


def names_a_picture(line: str) -> bool:
    """Whether a line is short and has no word that only a clause has."""
    words = plain(line)
    return words[:1].isupper() and len(words) <= 80 and words[-1] not in "?!:;" and not _CLAUSE.search(words)


def speakers(lines: list[str]) -> frozenset[str]:
    """The names, or letters, before a colon at which several of these lines begin: who speaks in an interview."""
    seen: set[str] = set()
    again: set[str] = set()
    for line in lines:
        label = _label(line)
        (again if label in seen else seen).add(label)
    return frozenset(again - {""})


def speaks(line: str, names: frozenset[str]) -> bool:
    """Whether a line is the words of one of these speakers."""
    return _label(line) in names


def _label(line: str) -> str:
    match = _LABEL.match(plain(line[:200]))
    return match[1].casefold() if match else ""
