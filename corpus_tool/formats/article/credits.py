"""Who made a picture: the credit at the end of a caption, or the line that is nothing else."""

# ruff: noqa: RUF001 - words and marks of several scripts

from __future__ import annotations

import re

from corpus_tool.formats.article.cues import alternatives, looks_like_names
from corpus_tool.formats.article.inline import emphasised_tail, plain, unwrapped

_AGENCIES = re.compile(
    r"(?<!\w)"
    + alternatives(
        "afp|ap|reuters|tass|тасс|epa(?:-efe)?|efe|dpa|ria|риа|interfax|интерфакс|xinhua|getty|bloomberg|anadolu|rfe/rl",
        "kazinform|казинформ|қазақпарат|akorda|акорда|tengrinews|sputnik|спутник|zuma|imago|sipa|alamy|shutterstock",
        "unsplash|pixabay|wikimedia|wikicommons|telegram|youtube|twitter|facebook|instagram",
        "screenshot|скриншот|courtesy|handout|архив|social (?:media|networks?)|соцсети",
        "press service|пресс-служба|news agency|azatt?yq|азаттық|азаттык",
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
_PHOTO = alternatives(
    "photo(?:graph|s|grapher)?|image|picture|pic|video|illustration|graphic|credit|courtesy|foto|bild",
    "фото(?:графия|граф)?|снимок|иллюстрация|видео|изображение|(?:фото)?сурет(?:і|ті)?",
)
_PHOTO_WORD = re.compile(rf"(?<!\w){_PHOTO}(?!\w)|©", re.IGNORECASE)
_PLAIN_CREDIT = re.compile(
    r"(?:^|(?<=[.!?…»”\")|])\s*|\s[|—–-]\s+)(?P<credit>"
    + alternatives(
        rf"{_PHOTO}(?:\s+(?:credit|courtesy|source|автора?))?(?:\s+(?:by|courtesy of|of|credit)\s|\s*[:/©])",
        "©",
        r"\((?:c|с)\)\s",
    )
    + r"\s*\S[^.!?\n]{0,118}\.?)$",
    re.IGNORECASE,
)
_CAPTION_LABEL = re.compile(
    r"[*_(\[]{0,3}"
    + alternatives(rf"{_PHOTO}(?:\s+(?:credit|courtesy|by))?\s*[:/]", "©", rf"{_PHOTO}\s+(?:by|courtesy of)\s"),
    re.IGNORECASE,
)
_SITE = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+){1,4}(?:/\S*)?|@\w+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…»”\")]\s+")
_GOES_ON = re.compile(
    r"(?<!\w)(?:to|by|of|in|on|at|from|with|for|and|or|the|an?|is|was|are|were|told|said|says"
    r"|called|named|as|than|that|his|her|their"
    r"|к|в|на|с|из|о|об|для|по|от|и|а|что|как)$",
    re.IGNORECASE,
)


def agency(words: str) -> bool:
    """Whether a known agency or picture service is named."""
    return bool(_AGENCIES.search(words))


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
        if opening >= 0 and 0 < len(inner) <= 120 and _bracketed(inner, line[:opening], near=near):
            return opening + 1 + len(inner) - len(inner.lstrip()), opening + 1 + len(inner.rstrip())
    plain_tail = _PLAIN_CREDIT.search(line) if near else None
    return plain_tail.span("credit") if plain_tail else _last_sentence(line, near=near)


def only_credit(line: str, *, near: bool) -> bool:
    """Whether a line is a credit and no more: in bold or slanting letters, or with a slash where captions stand."""
    start, end = unwrapped(line)
    words = plain(line[start:end])
    plainly = end - start == len(line)
    if (plainly and (not near or emphasised_tail(line))) or len(words) > 120:
        return False
    if _chain(words):
        return True
    return (
        near
        and end - start < len(line)
        and bool(_AGENCIES.fullmatch(words) or ("." in words and _SITE.fullmatch(words)))
    )


def _chain(words: str) -> bool:
    """Whether these are names with slashes between, an agency or a site among them."""
    parts = [part.strip() for part in words.split("/")]
    if len(parts) < 2 or not all(parts) or re.search(r"\w{3}[.!?…] ", words):
        return False
    named = all(_SITE.fullmatch(part) or (len(part.split()) <= 5 and looks_like_names(part)) for part in parts)
    return named and (agency(words) or any(_SITE.fullmatch(part) for part in parts))


def _last_sentence(line: str, *, near: bool) -> tuple[int, int] | None:
    """The names after the full stop of a caption, where no mark sets them off."""
    for match in _SENTENCE_END.finditer(line, max(0, len(line) - 120)):
        words = line[match.end() :]
        personal = len(words.split("/", maxsplit=1)[0].split()) > 1
        if (_chain(words) and (near or personal)) or (near and _AGENCIES.fullmatch(words)):
            return match.end(), len(line)
    return None


def _credits(inner: str, before: str, *, near: bool) -> bool:
    words = plain(inner)
    if not words or len(words) > 120 or words.endswith(("!", "?", ":", ",")):
        return False
    ended = before.endswith(tuple('.!?…»”")|—–-\n'))
    if not ended and (not (near or _chain(words)) or len(before) > 200 or _GOES_ON.search(before)):
        return False
    if _PHOTO_WORD.search(words) or agency(words) or _SITE.fullmatch(words):
        return True
    named = looks_like_names(re.sub(r"\s*[/|,]\s*", " ", words)) or bool(_SITE.match(words))
    if "/" in words:
        return named or near
    capitals = sum(not word.islower() for word in words.split())
    return named and capitals <= 6 and len(before) <= (1000 if near else 300)


def _bracketed(inner: str, before: str, *, near: bool) -> bool:
    words = plain(inner)
    if _PHOTO_WORD.search(words) and (near or re.match(rf"(?:\w+\s+)?{_PHOTO}\b|©", words, re.IGNORECASE)):
        return True
    if near and _AGENCIES.fullmatch(words):
        return before.rstrip().endswith((".", "!", "?", "…"))
    return near and agency(words) and ("/" in words or len(words.split()) > 1)


def caption_label(line: str) -> bool:
    """Whether a line calls itself a picture's caption or credit."""
    return bool(_CAPTION_LABEL.match(line))
