"""What one line of an article gives itself away by: a byline, a link to another article, its source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tool.formats.article.dates import dates
from corpus_tool.formats.article.inline import LINK, URL, find_url, only_links, only_url, plain


def alternatives(*patterns: str) -> str:
    """A regular expression for any of these."""
    return "(?:" + "|".join(patterns) + ")"


_AUTHOR_RU = alternatives(
    "подготовил[аи]?", "беседовал[аи]?", r"автор(?:ы|\(ы\))?(?:\s+(?:текста|статьи|материала|публикации))?"
)
_WRITTEN_BY = alternatives("by", "(?:written|story|text|words|reported|reporting|interview|posted|published) by")
_LABELLED_BYLINE = re.compile(
    alternatives(
        alternatives(
            r"authors?|author\(s\)|reporters?|byline",
            _WRITTEN_BY,
            _AUTHOR_RU,
            r"текст|журналист(?:ы|\(ы\))?|корреспонденты?",
            "автор(?:лары?|лар)|мәтін|тілшісі?|дайындаған|әңгімелескен",
            "autore?|auteurs?|autor(?:in|en)?|verfasser",
        )
        + r"\s*:",
        alternatives(_AUTHOR_RU, "текст") + r"\s+[—–-]",
    )
    + r"\s*(?P<names>\S.*)",
    re.IGNORECASE,
)
_PLAIN_BYLINE = re.compile(
    alternatives(_WRITTEN_BY, _AUTHOR_RU, "par|por|von|door") + r"\s+(?P<names>\S.*)", re.IGNORECASE
)
_ROLE = re.compile(
    r"(?:an?|our|the|staff)\s[^.!?:]{0,60}?(?:reporters?|correspondents?|contributors?|writers?|staff|journalists?|agencies)"
    r"|staff|agencies",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "and",
        "&",
        "/",
        "+",
        "for",
        "of",
        "the",
        "in",
        "with",
        "at",
        "from",
        "et",
        "y",
        "und",
        "e",
        "für",
        "de",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "bint",
        "al",
        "el",
        "la",
        "le",
        "du",
        "da",
        "di",
        "dos",
        "ben",
        "ibn",
        "и",
        "для",
        "мен",
        "және",
        "пен",
        "бен",
    ]
)

_RELATED = re.compile(
    r"[\W_]{0,6}"
    + alternatives(
        "related(?: (?:article|stor(?:y|ies)|content|news|link|reading|topic|post|coverage|material)s?)?",
        "(?:read|see|also|you may|you might) (?:more|also|next|read|like)(?: (?:about|on) (?:this|the topic))?",
        "further reading|more on this(?: story| topic)?|more stories|keep reading|recommended(?: reading)?",
        "don[’']t miss|in case you missed it|watch|listen|more",
        r"(?:читайте|читать|смотрите|смотри|см\.|узнайте|слушайте)(?: (?:также|ещё|еще|больше))?(?: по теме)?",
        "(?:материалы? |новости |ещё |еще )?по теме|подробнее(?: по теме)?|другие новости",
        "(?:похожие|связанные) (?:материалы|статьи|новости)",
        "(?:тағы(?: да)? |сондай-ақ |толығырақ )?(?:оқи отырыңыз|оқыңыз|қараңыз)(?:дар)?|толығырақ",
        "(?:осы )?тақырып бойынша|ұқсас (?:мақалалар|жаңалықтар|материалдар)",
        "(?:à )?lire aussi|lea también|lee también|lesen sie auch|mehr zum thema|leggi anche|читайте (?:теж|також)",
    )
    + r"(?P<rest>(?:[*_]{0,3}\s*[:：]|[*_]{0,3}\s+[—–>»→-]|(?=[*_]{0,3}\s*\[)|[*_\s]*$).*)",
    re.IGNORECASE | re.DOTALL,
)
_RELATED_ABOUT = re.compile(
    r"[\W_]{0,6}(?:(?:read|see|find|learn) (?:more|also|out)|читайте|подробнее|оқыңыз)\b[^:.!?\[\]]{0,60}"
    r"[:：](?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SOURCE = re.compile(
    r"[*_\s]{0,4}(?P<label>"
    + alternatives(
        r"(?:the\s+)?original(?:\s+(?:url|link|article|source|story|post|publication|text))?",
        r"(?:originally\s+(?:published|appeared)|first\s+published)\s+(?:at|on|in|by)",
        r"(?:article\s+|news\s+)?sources?(?:\s+(?:url|link|article))?",
        r"(?:(?:canonical|article|full|page)\s+)?(?:url|link)|permalink|via",
        r"(?:перво)?источники?(?:\s+(?:новости|статьи|материала|информации))?",
        r"ссылка(?:\s+на\s+(?:источник|оригинал|статью|материал|первоисточник))?",
        r"оригинал(?:\s+(?:статьи|материала|публикации|новости))?|адрес(?:\s+(?:статьи|страницы))?",
        r"дереккөз(?:і|дер)?|(?:дерек|ақпарат)\s+көзі|қайнар\s*көзі?",
        r"түпнұсқа(?:\s+(?:сілтеме(?:сі)?|мақала|url))?|сілтеме(?:сі)?",
        "quelle|fuente|fonte|джерело",
    )
    + r")(?P<colon>[*_]{0,3}\s*[:：—–-]?[*_]{0,3})\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NAMES_SOURCES = re.compile(
    r"(?:sources?|источники?|via)$|дереккөз|дерек|ақпарат|қайнар|quelle|fuente|fonte|джерело", re.IGNORECASE
)

QUOTES = "\"'“”‘’«»„‟`"
FINAL = ".!?…:;,。"


def byline(line: str) -> str | None:
    """The names of a line that says who wrote the article, without a date that follows them."""
    words = plain(line)
    if len(words) > 200:
        return None
    labelled = _LABELLED_BYLINE.fullmatch(words)
    match = labelled or _PLAIN_BYLINE.fullmatch(words)
    if not match:
        return None
    names = match["names"]
    dated = dates(names)
    if dated:
        names = re.sub(
            r"(?:[\W_]|(?<!\w)(?:on|at|published|posted|updated|last)(?!\w))+$",
            "",
            names[: dated[0].start],
            flags=re.IGNORECASE,
        )
    names = names.strip(" |•·—–-,;:")
    return names if names and (labelled or looks_like_names(names) or _ROLE.fullmatch(names)) else None


def looks_like_names(words: str) -> bool:
    """Whether these are one to ten words with capitals, particles apart; roles after a comma may have none."""
    first = words.split(",", maxsplit=1)[0].split()
    if not 1 <= len(first) <= 10 or (words.endswith(tuple(FINAL)) and not re.search(r"(?:\b\w|Jr|Sr)\.$", words)):
        return False
    if any(character.isdigit() for word in first for character in word):
        return False
    named = [word for word in first if word.casefold() not in _PARTICLES]
    opened = bool(named) and (first[0] is named[0] or first[0][0].isupper())
    return opened and all(_capital(word) for word in named)


def _capital(word: str) -> bool:
    letter = word.lstrip("([" + QUOTES)[:1]
    # Scripts without case have no other letter to begin a name with.
    return letter == "@" or letter.isupper() or (letter.isalpha() and letter.lower() == letter.upper())


@dataclass(frozen=True, slots=True)
class SourceCue:
    """Where an article was taken from: `url` or `name`; neither where the label stands alone."""

    url: str | None = None
    name: str | None = None


def source(line: str) -> SourceCue | None:
    """What a line that names the article's source says."""
    match = _SOURCE.fullmatch(line) if len(line) <= 3000 else None
    if not match:
        return None
    rest, colon = match["rest"].strip(), any(mark in match["colon"] for mark in ":：—–-")
    if not rest:
        return SourceCue()
    url = find_url(rest)
    words = plain(URL.sub("", rest) if not LINK.search(rest) else rest).strip(" ,;:()<>|—–-.")
    if url and (colon or only_url(rest)) and len(words) <= 200:
        return SourceCue(url, None if LINK.search(rest) else words or None)
    named = bool(_NAMES_SOURCES.search(match["label"]))
    if named and colon and words and not url and len(words) <= 120 and not rest.endswith(("?", "!", ":")):
        return SourceCue(name=words)
    return None


def related(line: str) -> str | None:
    """What follows the label of a line that points to other articles: empty where the label stands alone."""
    match = _RELATED.fullmatch(line) if len(line) <= 2000 else None
    if not match and len(line) <= 2000:
        about = _RELATED_ABOUT.fullmatch(line)
        match = about if about and only_links(about["rest"]) else None
    if not match:
        inner = plain(line) if only_links(line) else ""
        match = _RELATED.fullmatch(inner) if inner else None
    if not match:
        return None
    rest = match["rest"].lstrip(" :：*_—–>»→-").strip("*_ ")
    return None if rest and not LINK.search(rest) and len(rest) > 250 else rest
