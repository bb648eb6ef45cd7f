"""What Label Studio holds of an article, and by what its files are known."""

from __future__ import annotations

from corpus_tool.formats import WHOLLY, About, Unit, partly

_SIGNS = (
    (b'"from_name"', b'"to_name"'),
    (b'"data"', b'"annotations"', b'"result"'),
    (b'"data"', b'"annotations"', b'"predictions"'),
    (b'"annotation_id"', b'"lead_time"', b'"annotator"'),
)


def looks_like(name: str, head: bytes) -> bool:
    """Whether it has the keys that results or tasks of Label Studio have, or records of JSON-MIN."""
    begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return begins in {b"[", b"{"} and name.lower().endswith(".json") and any(all(k in head for k in s) for s in _SIGNS)


ABOUT = About(
    title="Label Studio JSON",
    unit=Unit.CODE_POINTS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "passages": WHOLLY,
        "sentences": WHOLLY,
        "entities": WHOLLY,
        "fragments": WHOLLY,
        "overlaps": WHOLLY,
        "attributes": WHOLLY,
        "links": WHOLLY,
        "relations": WHOLLY,
        "events": WHOLLY,
        "quotations": WHOLLY,
        "coreference": WHOLLY,
        "labels": WHOLLY,
        "notes": WHOLLY,
        "confidence": WHOLLY,
        "provenance": partly("rules come back as models"),
        "coverage": partly("complete coverage"),
        "adjudication": partly("the one that was adjudicated, for all layers"),
        "empty": WHOLLY,
        "ids": partly("of regions"),
    },
    looks_like=looks_like,
)
