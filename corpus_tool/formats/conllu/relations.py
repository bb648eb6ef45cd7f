"""Bridging and split antecedents: what CoNLL-U says between entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.cells import placed
from corpus_tool.formats.conllu.escapes import decoded
from corpus_tool.formats.conllu.mentions import EID, Mention

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.draft import Annotation, Draft
    from corpus_tool.formats.conllu.nodes import Node

BRIDGING = "bridging"
SPLIT = "split-antecedent"
ANAPHOR = "anaphor"
ANTECEDENT = "antecedent"


@dataclass(frozen=True, slots=True)
class Stated:
    """A cell `Bridge=` or `SplitAnte=`, and where it stands."""

    name: str
    cell: str
    node: Node
    word: Annotation
    short: str
    line: int


def read_relations(
    draft: Draft, stated: Sequence[Stated], chosen: Sequence[tuple[Mention, Annotation]], prov: str | None
) -> None:
    """Add the relations that cells state; a cell that names no entity stays with its word, and is told."""
    mentions: dict[str, list[tuple[Mention, str]]] = {}
    for mention, entity in chosen:
        mentions.setdefault(mention.eid, []).append((mention, entity["id"]))
    for one in stated:
        links = [_link(part, one.node, mentions) for part in one.cell.split(",")]
        good = [link for link in links if link is not None]
        if len(good) < len(links):
            draft.ambiguous((one.line, 1), f"{one.name}={one.cell[:60]} names no entity: it stays with its word")
            one.word["misc"] = placed(one.word.get("misc"), {"name": one.name, "value": one.cell})
            continue
        for kind, arguments in _grouped(one.name, good):
            relation = {
                "id": draft.names.other(f"R{one.short}:{one.node.number}"),
                "type": kind,
                "arguments": [{"role": role, "ref": ref} for role, ref in arguments],
            }
            draft.add("relations", relation | ({"prov": prov} if prov else {}), one.line)


def _link(part: str, node: Node, mentions: dict[str, list[tuple[Mention, str]]]) -> tuple[str, str, str] | None:
    """Antecedent, anaphor and kind: of the entities those mentions that stand nearest."""
    target, sign, rest = part.partition("<")
    source, _, kind = rest.partition(":")
    before, own = mentions.get(decoded(target, EID)), mentions.get(decoded(source, EID))
    if not sign or not before or not own:
        return None
    earlier = [name for mention, name in before if mention.pieces[0][0].order <= node.order]
    here = [name for mention, name in own if mention.pieces[0][0].order == node.order]
    past = [name for mention, name in own if mention.pieces[0][0].order <= node.order]
    anaphor = here[0] if here else past[-1] if past else own[0][1]
    return (earlier[-1] if earlier else before[0][1]), anaphor, kind


def _grouped(name: str, links: Sequence[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    if name == "Bridge":
        return [
            (f"{BRIDGING}:{kind}" if kind else BRIDGING, [(ANAPHOR, anaphor), (ANTECEDENT, antecedent)])
            for antecedent, anaphor, kind in links
        ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for antecedent, anaphor, _ in links:
        groups.setdefault(anaphor, [(ANAPHOR, anaphor)]).append((ANTECEDENT, antecedent))
    return [(SPLIT, arguments) for arguments in groups.values()]


def is_held(relation: Mapping[str, Any]) -> bool:
    """Whether MISC has a way to say it."""
    roles = [part["role"] for part in relation.get("arguments") or ()]
    kind, _, subtype = relation["type"].partition(":")
    if relation.get("attributes") or relation.get("confidence") is not None:
        return False
    if any(sign in subtype for sign in "|,<\t\r\n"):
        return False
    if relation["type"] == SPLIT:
        return len(roles) > 1 and roles == [ANAPHOR, *[ANTECEDENT] * (len(roles) - 1)]
    return kind == BRIDGING and roles == [ANAPHOR, ANTECEDENT]
