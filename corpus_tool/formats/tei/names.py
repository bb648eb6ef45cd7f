"""Names between articles and TEI: ids as XML has them, elements and the labels they stand for."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"  # fmt: skip  # noqa: E501
_REST = _START + "0-9.\u00b7\u0300-\u036f\u203f\u2040-"
_OTHER = re.compile(f"_(?=x[0-9A-F]{{4,6}}_)|^[^{_START}]|[^{_REST}]")
_ESCAPED = re.compile("_x([0-9A-F]{4,6})_")

ELEMENTS = {
    "PER": "persName", "LOC": "placeName", "ORG": "orgName", "GEO": "geogName", "DATE": "date", "TIME": "time",
    "MISC": "name",
}  # fmt: skip
"""Labels that are an element of TEI; every other is `rs` with that type."""
LABELS = {element: label for label, element in ELEMENTS.items()} | {"rs": "RS"}
TYPED = frozenset({"rs", "name"})
"""Elements whose `type` is the label; of others it is an attribute of the entity."""
PASSAGES = frozenset(
    {"headline", "byline", "dateline", "caption", "credit", "paragraph", "subheading", "related", "source"}
)
QUOTATIONS = frozenset({"direct", "indirect", "mixed"})
UPOS = frozenset({
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT",
    "SCONJ", "SYM", "VERB", "X",
})  # fmt: skip
RESP = "resp."
"""Before the ids of provenance records, which are a namespace of their own."""
_KNOWN = (
    (re.compile(r"https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/(Q\d+)"), "wikidata"),
    (re.compile(r"https?://(?:www\.)?viaf\.org/viaf/(\d+)/?"), "viaf"),
    (re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/(\d+)(?:/.*)?"), "geonames"),
    (re.compile(r"https?://d-nb\.info/gnd/([\dX-]+)"), "gnd"),
)


def to_xml_id(name: str) -> str:
    """An NCName for any id: characters that none can have become `_x0023_`."""
    return _OTHER.sub(lambda match: "".join(f"_x{ord(character):04X}_" for character in match[0]), name)


def from_xml_id(name: str) -> str:
    """The id that was made an NCName; a name with no escape in it is itself."""

    def character(match: re.Match[str]) -> str:
        point = int(match[1], 16)
        return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else match[0]

    return _ESCAPED.sub(character, name)


def pointers(value: str | None) -> list[str]:
    """The ids that an attribute points to in this document."""
    return [from_xml_id(part[1:]) for part in (value or "").split() if part.startswith("#") and len(part) > 1]


def to_reference(database: str, entry: str) -> str:
    """A link as a pointer: `wikidata:Q25`, `#id` for `local`, a web address for `uri`."""
    if database == "local" and re.fullmatch(r"\S+", entry):
        return "#" + to_xml_id(entry)
    if database == "uri" and re.fullmatch(r"https?://\S+", entry) and from_reference(entry) == (database, entry):
        return entry
    name = quote(database, safe="")
    if name in {"http", "https"}:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    return f"{name}:{quote(entry, safe='!$()*,;=@/')}"


def from_reference(pointer: str) -> tuple[str, str] | None:
    """Knowledge base and entry that a pointer names; None where it names none."""
    if pointer.startswith("#"):
        return ("local", from_xml_id(pointer[1:])) if len(pointer) > 1 else None
    if pointer.startswith(("http://", "https://")):
        for pattern, database in _KNOWN:
            if match := pattern.fullmatch(pointer):
                return database, match[1]
        return "uri", pointer
    database, colon, entry = pointer.partition(":")
    if colon and database and entry:
        return unquote(database), unquote(entry)
    return "uri", pointer
