"""PRV707: what records of provenance give away of people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.rules import TABLES, WARNING, Bad, Hit, rule
from corpus_tool.tables import ANNOTATIONS, REMARK

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_E_MAIL = re.compile(r"(?<![^\s@<>,;:/])(?!git@)[^\s@<>,;:/]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w.+])(?:\+\d(?:[ ()./-]{0,2}\d){7,14}|\(\d{2,5}\) ?\d{3,5}[ -]?\d{2,5}|\d{3}-\d{3}-\d{4})(?![\w-])"
)
_HOME = re.compile(r"(?:^|[\s\"'=,;(]|file://)(?:/[\w.-]+)*/(?:home|Users)/[^/\s]|\\Users\\[^\\\s]", re.IGNORECASE)
_ORCID = re.compile(r"(?<![\d-])\d{4}-\d{4}-\d{4}-\d{3}[\dX](?![\d-])")
_AGENT = "agent"


@rule("PRV707", on=TABLES, severity=WARNING, message="a record of provenance gives a person away", bad=[
    Bad({"/provenance/0/tool": "brat, run by mara@news.example"}, "/provenance/0/tool"),
    Bad({"/provenance/0/run": "/home/mara/batches/7"}, "/provenance/0/run"),
    Bad({"/provenance/0/decoding": "ask +44 20 7946 0018"}, "/provenance/0/decoding"),
    Bad({"/provenance/0/agent": "0000-0002-1825-0097"}, "/provenance/0/agent"),
], good=[
    {"/provenance/0/tool": "brat 1.3", "/provenance/0/run": "2026-03-02/batch-0007"},
    {"/provenance/0/tool": "tagger@v1.20"},
])  # fmt: skip
def provenance_gives_nobody_away(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No record of provenance holds an e-mail address, a phone number, an ORCID, or the path of somebody's home.

    It would be published with the corpus, and a version never changes. Tools put such things there by themselves, so
    this is a warning; where a release is built it is an error that cannot be turned off. Give people pseudonyms
    (`convert --pseudonyms FILE`, `release build --pseudonyms FILE`), and write in other fields what says nothing of a
    person. An ORCID that `[policy] annotators` lists is meant to be seen. What notes say is content, and not looked at.
    """
    if tables.remarks.is_empty():
        return
    agents = {path for layer in contract.of_kind("provenance") for path in (layer.meanings.get(_AGENT),)}
    listed = contract.policy.annotators or ()
    for value in tables.remarks["value"].unique(maintain_order=True):
        found = list(_personal(value, listed=value in listed))
        for row in tables.remarks.filter(tables.remarks["value"] == value).iter_rows(named=True) if found else ():
            advice = "give people pseudonyms" if (row["field"],) in agents else "write what says nothing of a person"
            yield Hit(ANNOTATIONS, row, f"the {row['field']} holds {' and '.join(found)}: {advice}", point=REMARK)


def _personal(value: str, *, listed: bool) -> Iterator[str]:
    """What a value gives away."""
    if _E_MAIL.search(value):
        yield "an e-mail address"
    if _PHONE.search(value):
        yield "a phone number"
    if _HOME.search(value):
        yield "the path of a home"
    if not listed and any(_is_orcid(found) for found in _ORCID.findall(value)):
        yield "an ORCID"


def _is_orcid(text: str) -> bool:
    """Whether the last digit is that which ISO 7064 MOD 11-2 asks for."""
    total = 0
    for digit in text[:-1].replace("-", ""):
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11] == text[-1]
