"""Metadata, labels and who made what as the TEI header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corpus_tool.formats.tei.elements import made_by
from corpus_tool.formats.tei.escaping import text_of
from corpus_tool.formats.tei.header_reading import DATES, SOURCE_TYPE
from corpus_tool.formats.tei.names import RESP, to_xml_id
from corpus_tool.formats.tei.standoff_writing import element
from corpus_tool.formats.tei.text_writing import Inline

_PRESERVED = ("xml:space", "preserve")
_NOTED = ("model_version", "prompt_sha256", "decoding", "run", "created", "guideline_version", "tool")


def write_header(inline: Inline) -> str:
    """The `teiHeader`."""
    metadata = inline.article.get("metadata") or {}
    file = element("titleStmt", (), _titles(metadata) + "".join(_maker(one) for one in inline.layer("provenance")))
    file += _publication(metadata) + _source(metadata)
    profile = _profile(metadata, inline)
    status = metadata.get("pubStatus")
    revision = element("revisionDesc", [("status", status)], "<change/>") if status else ""
    return f"<teiHeader>{element('fileDesc', (), file)}{profile}{revision}</teiHeader>"


def _told(tag: str, value: str | None, *said: tuple[str, Any]) -> str:
    """An element with verbatim words; nothing where there are none."""
    return "" if value is None else element(tag, [_PRESERVED, *said], text_of(value))


def _titles(metadata: Mapping[str, Any]) -> str:
    headlines = [_told("title", one["value"], ("type", one.get("role"))) for one in metadata.get("headlines") or ()]
    return ("".join(headlines) or "<title/>") + _told("author", metadata.get("by"))


def _maker(one: Mapping[str, Any]) -> str:
    notes = [_told("note", one.get(name), ("type", name)) for name in _NOTED]
    from_others = " ".join(to_xml_id(name) for name in one.get("derived_from") or ())
    notes += [_told("note", from_others or None, ("type", "derived_from"))]
    role = one.get("role")
    content = (_told("resp", role) or "<resp/>") + _told("name", one["agent"], ("type", one["agent_type"]))
    return element("respStmt", [("xml:id", RESP + to_xml_id(one["id"]))], content + "".join(notes))


def _publication(metadata: Mapping[str, Any]) -> str:
    content = _told("publisher", metadata.get("copyrightHolder")) or "<publisher/>"
    content += "".join(
        element("date", [("type", name), ("when", metadata[name])]) for name in DATES if metadata.get(name) is not None
    )
    content += _told("idno", metadata.get("uri"), ("type", "URI"))
    content += _told("idno", metadata.get("slugline"), ("type", "slugline"))
    terms = _told("licence", metadata.get("usageTerms")) + _told("p", metadata.get("copyrightNotice"))
    return element("publicationStmt", (), content + (element("availability", (), terms) if terms else ""))


def _source(metadata: Mapping[str, Any]) -> str:
    parts = [
        element("bibl", (), _told("orgName", one["name"], ("role", one.get("role")), ("ref", one.get("uri"))))
        for one in metadata.get("infoSources") or ()
    ]
    return element("sourceDesc", (), "".join(parts) or "<p/>")


def _profile(metadata: Mapping[str, Any], inline: Inline) -> str:
    created, located = metadata.get("contentCreated"), metadata.get("located")
    content = element("date", [("when", created)]) if created is not None else ""
    content += _told("placeName", located)
    parts = element("creation", (), content) if content else ""
    if metadata.get("language") is not None:
        parts += element("langUsage", (), element("language", [("ident", metadata["language"])]))
    classes = _classes(metadata, inline)
    parts += element("textClass", (), classes) if classes else ""
    return element("profileDesc", (), parts) if parts else ""


def _classes(metadata: Mapping[str, Any], inline: Inline) -> str:
    words = metadata.get("keywords")
    made = element("keywords", (), "".join(_told("term", word) for word in words)) if words else ""
    said = metadata.get(SOURCE_TYPE)
    if said:
        made += element("catRef", [("scheme", SOURCE_TYPE), ("target", said.get("uri")), ("n", said.get("name"))])
    made += "".join(_labels(inline.layer("labels"), inline))
    return made


def _labels(labels: Iterable[Mapping[str, Any]], inline: Inline) -> Iterable[str]:
    """One list of keywords each: so they come back in their order."""
    for one in labels:
        name = inline.names.give(one["id"]) if one.get("id") else None
        term = _told("term", one["value"], ("xml:id", name), *made_by(one))
        yield element("keywords", [("scheme", one["axis"])], term)
