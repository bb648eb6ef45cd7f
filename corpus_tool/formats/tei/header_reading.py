"""The TEI header as metadata, labels of the article and records of who made what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.metadata import in_order, is_uri, is_valid, uri
from corpus_tool.formats.tei.names import RESP, from_xml_id
from corpus_tool.formats.tei.xml import Node

DATES = ("firstCreated", "versionCreated", "embargoedUntil")
SOURCE_TYPE = "digitalSourceType"
_AGENTS = frozenset({"human", "model", "rule"})
_ROLES = frozenset({"annotator", "corrector", "adjudicator"})
_RECORD = frozenset({
    "model_version", "prompt_sha256", "decoding", "run", "created", "guideline_version", "tool", "derived_from",
})  # fmt: skip
_UNREAD = (
    "encodingDesc", "xenoData", "fileDesc/editionStmt", "fileDesc/extent", "fileDesc/seriesStmt", "fileDesc/notesStmt",
    "profileDesc/particDesc", "profileDesc/settingDesc", "profileDesc/abstract", "profileDesc/correspDesc",
    "profileDesc/calendarDesc", "profileDesc/textDesc",
)  # fmt: skip


@dataclass(slots=True)
class Header:
    """What a header says; `problems` are properties whose values metadata cannot hold."""

    metadata: dict[str, Any] = field(default_factory=dict)
    labels: list[dict[str, Any]] | None = None
    makers: dict[str, dict[str, Any]] = field(default_factory=dict)
    attributed: bool = False
    """Whether what is in the document says who made it: nothing is by an unknown hand then."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    unheld: Counter[str] = field(default_factory=Counter)


def read_header(root: Node) -> Header:
    """The header of a `TEI` element; empty where it has none."""
    out = Header()
    node = root.first("teiHeader")
    if node is None:
        return out
    values = {**_file(node, out), **_profile(node, out), **_revision(node)}
    if "language" not in values:
        text = root.first("text")
        said = (text and text.get("xml:lang")) or root.get("xml:lang")
        values |= {"language": said} if said else {}
    for name, value in values.items():
        if is_valid(name, value):
            out.metadata[name] = value
        else:
            out.problems.append((name, f"'{str(value)[:80]}' is no valid {name}: left out of the metadata"))
    out.metadata = in_order(out.metadata)
    for path in _UNREAD:
        found = node.first(*path.split("/"))
        if found is not None and found.children:
            out.unheld[f"teiHeader/{path}"] += 1
    return out


def _file(node: Node, out: Header) -> dict[str, Any]:
    values: dict[str, Any] = {}
    title = node.first("fileDesc", "titleStmt") or Node("")
    headlines = [
        {**({"role": kind} if (kind := one.get("type")) else {}), "value": words}
        for one in title.elements()
        if one.tag == "title" and (words := _words(one))
    ]
    authors = [words for one in title.elements() if one.tag == "author" and (words := _words(one))]
    values |= {"headlines": headlines} if headlines else {}
    values |= {"by": ", ".join(authors)} if authors else {}
    for one in title.elements():
        if one.tag == "respStmt":
            _maker(one, out)
        elif one.tag not in {"title", "author"}:
            out.unheld[f"titleStmt/{one.tag}"] += 1
    values |= _publication(node.first("fileDesc", "publicationStmt") or Node(""), out)
    sources = list(_sources(node.first("fileDesc", "sourceDesc") or Node(""), values, out))
    return values | ({"infoSources": sources} if sources else {})


def _words(node: Node) -> str:
    return node.verbatim() if node.attributes.get("xml:space") == "preserve" else node.text()


def _publication(node: Node, out: Header) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in node.elements():
        words, kind = _words(one), one.get("type")
        when = one.get("when") or one.get("when-iso") or words
        if one.tag in {"publisher", "authority", "distributor"} and words:
            values.setdefault("copyrightHolder", words)
        elif one.tag == "date" and when:
            values.setdefault(kind if kind in DATES else "contentCreated", when)
        elif one.tag == "idno" and words:
            _idno(kind, words, values, out)
        elif one.tag == "availability":
            _availability(one, values)
        elif words:
            out.unheld[f"publicationStmt/{one.tag}"] += 1
    return values


def _idno(kind: str | None, words: str, values: dict[str, Any], out: Header) -> None:
    if kind == "slugline":
        values.setdefault("slugline", words)
    elif (kind or "").upper() in {"URI", "URL", "URN"} or (kind is None and words.startswith("http")):
        values.setdefault("uri", uri(words))
    else:
        out.unheld["publicationStmt/idno"] += 1


def _availability(node: Node, values: dict[str, Any]) -> None:
    for one in node.elements():
        words = _words(one)
        if one.tag == "licence" and (words or one.get("target")):
            values.setdefault("usageTerms", words or one.get("target"))
        elif words:
            values.setdefault("copyrightNotice", words)


def _sources(node: Node, values: dict[str, Any], out: Header) -> Iterator[dict[str, Any]]:
    for bibl in node.every("bibl", "biblStruct", "biblFull"):
        for one in bibl.every("orgName", "publisher", "persName"):
            if words := _words(one):
                role = {"role": one.get("role")} if one.get("role") else {}
                ref = {"uri": one.get("ref")} if is_uri(one.get("ref")) else {}
                yield {"name": words, **role, **ref}
        for one in bibl.every("ref", "ptr"):
            if is_uri(one.get("target")):
                values.setdefault("uri", one.get("target"))
        for one in bibl.every("date"):
            values.setdefault("contentCreated", one.get("when") or _words(one))
        for one in bibl.every("title", "author", "idno", "biblScope"):
            out.unheld[f"sourceDesc/{one.tag}"] += 1
    for one in node.elements():
        if one.tag in {"p", "ab", "msDesc", "recordingStmt", "listWit"}:
            out.unheld[f"sourceDesc/{one.tag}"] += bool(one.children)


def _profile(node: Node, out: Header) -> dict[str, Any]:
    values: dict[str, Any] = {}
    created = node.first("profileDesc", "creation")
    for one in created.elements() if created is not None else ():
        if one.tag == "date" and (when := one.get("when") or _words(one)):
            values["contentCreated"] = when
        elif one.tag in {"placeName", "settlement", "name"} and (words := _words(one)):
            values.setdefault("located", words)
    languages = node.first("profileDesc", "langUsage")
    for number, one in enumerate(languages.elements() if languages is not None else ()):
        if number == 0 and one.get("ident"):
            values["language"] = one.get("ident")
        elif number:
            out.unheld["langUsage/language"] += 1
    classes = node.first("profileDesc", "textClass")
    for one in classes.elements() if classes is not None else ():
        _class(one, values, out)
    return values


def _class(node: Node, values: dict[str, Any], out: Header) -> None:
    scheme = node.get("scheme")
    if node.tag == "keywords":
        terms = list(node.every("term", "item"))
        if scheme is None:
            values.setdefault("keywords", []).extend(words for term in terms if (words := _words(term)))
            return
        out.labels = [*(out.labels or ()), *(_label(term, scheme, node) for term in terms if _words(term))]
    elif node.tag == "classCode" and scheme and _words(node):
        out.labels = [*(out.labels or ()), _label(node, scheme, node)]
    elif node.tag == "catRef" and scheme == SOURCE_TYPE:
        said = {"uri": node.get("target"), "name": node.get("n")}
        values[SOURCE_TYPE] = {name: value for name, value in said.items() if value}
    else:
        out.unheld[f"textClass/{node.tag}"] += 1


def _label(term: Node, scheme: str, group: Node) -> dict[str, Any]:
    resp = term.get("resp") or group.get("resp")
    label: dict[str, Any] = {"id": from_xml_id(raw)} if (raw := term.get("xml:id")) else {}
    label |= {"axis": scheme.removeprefix("#"), "value": _words(term)}
    label |= {"prov": from_xml_id(resp.removeprefix("#").removeprefix(RESP))} if resp else {}
    try:
        cert = float(term.get("cert") or "")
    except ValueError:
        return label
    return label | ({"confidence": int(cert) if cert.is_integer() else cert} if 0 <= cert <= 1 else {})


def _revision(node: Node) -> dict[str, Any]:
    found = node.first("revisionDesc")
    status = found.get("status") if found is not None else None
    return {"pubStatus": status} if status in {"usable", "withheld", "canceled"} else {}


def _maker(node: Node, out: Header) -> None:
    """A statement of responsibility that annotations can name."""
    raw = node.get("xml:id")
    agent = next((one for one in node.elements() if one.tag in {"name", "persName", "orgName"}), None)
    if raw is None or agent is None or not _words(agent):
        out.unheld["titleStmt/respStmt"] += 1
        return
    out.attributed = out.attributed or raw.startswith(RESP)
    name = from_xml_id(raw.removeprefix(RESP))
    kind = agent.get("type") if agent.get("type") in _AGENTS else "human"
    record: dict[str, Any] = {"id": name, "agent": _words(agent), "agent_type": kind}
    for one in node.elements():
        if one.tag == "resp" and (role := _words(one)) in _ROLES:
            record["role"] = role
        elif one.tag == "note" and (what := one.get("type")) in _RECORD:
            record[str(what)] = [from_xml_id(part) for part in _words(one).split()] if what == "derived_from" else _words(one)  # fmt: skip  # noqa: E501
    out.makers[name] = record
