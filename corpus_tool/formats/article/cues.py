"""What one line of an article gives itself away by: a byline, a link to another article, a credit, its source."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus_tool.formats.article.dates import dates
from corpus_tool.formats.article.inline import LINK, URL, emphasised_tail, find_url, only_links, only_url, plain


def _any(*patterns: str) -> str:
    return "(?:" + "|".join(patterns) + ")"


_AUTHOR_RU = _any(
    "подготовил[аи]?", "беседовал[аи]?", r"автор(?:ы|\(ы\))?(?:\s+(?:текста|статьи|материала|публикации))?"
)
_WRITTEN_BY = _any("by", "(?:written|story|text|words|reported|reporting|interview|posted|published) by")
_LABELLED_BYLINE = re.compile(
    _any(
        _any(
            r"authors?|author\(s\)|reporters?|byline",
            _WRITTEN_BY,
            _AUTHOR_RU,
            r"текст|журналист(?:ы|\(ы\))?|корреспонденты?",
            "автор(?:лары?|лар)|мәтін|тілшісі?|дайындаған|әңгімелескен",
            "autore?|auteurs?|autor(?:in|en)?|verfasser",
        )
        + r"\s*:",
        _any(_AUTHOR_RU, "текст") + r"\s+[—–-]",
    )
    + r"\s*(?P<names>\S.*)",
    re.IGNORECASE,
)
_PLAIN_BYLINE = re.compile(_any(_WRITTEN_BY, _AUTHOR_RU, "par|por|von|door") + r"\s+(?P<names>\S.*)", re.IGNORECASE)
_PARTICLES = frozenset(
    (
        *("and", "&", "for", "of", "in", "with", "at", "from", "et", "y", "und", "e", "für"),
        *(
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
        ),
        *("и", "для", "мен", "және", "пен", "бен"),
    )
)
_AGENCIES = re.compile(
    r"(?<!\w)"
    + _any(
        "afp|ap|reuters|tass|тасс|epa(?:-efe)?|efe|dpa|ria|риа|interfax|интерфакс|xinhua|getty|bloomberg|anadolu|rfe/rl",
        "kazinform|казинформ|қазақпарат|akorda|акорда|tengrinews|sputnik|спутник|zuma|imago|sipa|alamy|shutterstock",
        "unsplash|pixabay|wikimedia|wikicommons|telegram|youtube|twitter|facebook|instagram",
        "screenshot|скриншот|courtesy|handout|архив",
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
_PHOTO = _any(
    "photo(?:graph|s|grapher)?|image|picture|pic|video|illustration|graphic|credit|courtesy|foto|bild",
    "фото(?:графия|граф)?|снимок|иллюстрация|видео|изображение|(?:фото)?сурет(?:і|ті)?",
)
_PHOTO_WORD = re.compile(rf"(?<!\w){_PHOTO}(?!\w)|©", re.IGNORECASE)
_PLAIN_CREDIT = re.compile(
    r"(?:^|(?<=[.!?…»”\")|])\s*|\s[|—–-]\s+)(?P<credit>"
    + _any(
        rf"{_PHOTO}(?:\s+(?:credit|courtesy|source|автора?))?(?:\s+(?:by|courtesy of|of|credit)\s|\s*[:/©])",
        "©",
        r"\((?:c|с)\)\s",
    )
    + r"\s*\S[^.!?\n]{0,118}\.?)$",
    re.IGNORECASE,
)
_CAPTION_LABEL = re.compile(
    r"[*_(\[]{0,3}" + _any(rf"{_PHOTO}(?:\s+(?:credit|courtesy|by))?\s*[:/]", "©", rf"{_PHOTO}\s+(?:by|courtesy of)\s"),
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+){1,4}(?:/\S*)?|@\w+", re.IGNORECASE)

_RELATED = re.compile(
    r"[\W_]{0,6}"
    + _any(
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
_SOURCE = re.compile(
    r"[*_\s]{0,4}(?P<label>"
    + _any(
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

_QUOTES = "\"'“”‘’«»„‟`"
_FINAL = ".!?…:;,。"


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
    return names if names and (labelled or looks_like_names(names)) else None


def looks_like_names(words: str) -> bool:
    """Whether these are one to eight words with capitals, particles apart; roles after a comma may have none."""
    first = words.split(",", maxsplit=1)[0].split()
    if not 1 <= len(first) <= 8 or (words.endswith(tuple(_FINAL)) and not re.search(r"(?:\b\w|Jr|Sr)\.$", words)):
        return False
    if any(character.isdigit() for word in first for character in word):
        return False
    named = [word for word in first if word.casefold() not in _PARTICLES]
    opened = bool(named) and (first[0] is named[0] or first[0][0].isupper())
    return opened and all(_capital(word) for word in named)


def _capital(word: str) -> bool:
    letter = word.lstrip("([" + _QUOTES)[:1]
    # Scripts without case have no other letter to begin a name with.
    return letter == "@" or letter.isupper() or (letter.isalpha() and letter.lower() == letter.upper())


def agency(words: str) -> bool:
    """Whether a known agency or picture service is named."""
    return bool(_AGENCIES.search(words))


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
    if not match:
        inner = plain(line) if only_links(line) else ""
        match = _RELATED.fullmatch(inner) if inner else None
    if not match:
        return None
    rest = match["rest"].lstrip(" :：*_—–>»→-").strip("*_ ")
    return None if rest and not LINK.search(rest) and len(rest) > 250 else rest


def credit(line: str, *, near: bool) -> tuple[int, int] | None:
    """Where the credit at the end of a caption stands, without what marks it off.

    `near` says that the line stands where captions do, at the head or after an image: then less evidence is asked for.
    """
    if len(line) > 1500:
        return None
    marked = emphasised_tail(line)
    if marked:
        before, inner = line[: marked[0]].rstrip("*_ "), line[slice(*marked)]
        if before and _credits(inner, before, near=near):
            return marked
    if line.endswith((")", "]")):
        opening = line.rfind("(" if line.endswith(")") else "[")
        inner = line[opening + 1 : -1]
        if opening >= 0 and 0 < len(inner) <= 120 and _bracketed(inner, near=near):
            return opening + 1 + len(inner) - len(inner.lstrip()), opening + 1 + len(inner.rstrip())
    plain_tail = _PLAIN_CREDIT.search(line) if near else None
    return plain_tail.span("credit") if plain_tail else None


def _credits(inner: str, before: str, *, near: bool) -> bool:
    words = plain(inner)
    if not words or len(words) > 120 or words.endswith(("!", "?", ":", ",")):
        return False
    ended = before.endswith(tuple('.!?…»”")|—–-\n'))
    if not ended and (not near or len(before) > 200):
        return False
    if _PHOTO_WORD.search(words) or agency(words) or _SITE.fullmatch(words):
        return True
    named = looks_like_names(re.sub(r"\s*[/|,]\s*", " ", words)) or bool(_SITE.match(words))
    if "/" in words:
        return named or near
    return named and len(words.split()) <= 6 and len(before) <= (1000 if near else 300)


def _bracketed(inner: str, *, near: bool) -> bool:
    words = plain(inner)
    if _PHOTO_WORD.search(words) and (near or re.match(rf"(?:\w+\s+)?{_PHOTO}\b|©", words, re.IGNORECASE)):
        return True
    return near and agency(words) and ("/" in words or len(words.split()) > 1)


def caption_label(line: str) -> bool:
    """Whether a line calls itself a picture's caption or credit."""
    return bool(_CAPTION_LABEL.match(line))


def short_title(line: str) -> bool:
    """Whether a line could be a subheading: short, with a capital, and not ended like a sentence."""
    words = plain(line)
    bare = words.strip(_QUOTES + " ")
    if "\n" in line or not bare or len(words) > 90 or len(words.split()) > 13 or words[0] in "—–-•*+>|#(<[{":
        return False
    if line[-1] in "*_" and line[0] not in "*_":
        return False
    first = next((character for character in bare if character.isalnum()), "")
    if not first or (first.islower() and not re.match(r"\w{1,2}[A-Z]", bare)):
        return False
    quoted = words[0] in _QUOTES
    if bare.endswith("?") and not quoted:
        return len(bare.split()) <= 9
    if bare.endswith(tuple(_FINAL)) or URL.search(words):
        return False
    return any(character.isalpha() for character in bare)
