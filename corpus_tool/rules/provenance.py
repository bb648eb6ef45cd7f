"""PRV: who or what made an annotation, and whether that is enough for what is made of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.gold import has_gold
from corpus_tool.layers import EACH
from corpus_tool.rules import TABLES, Bad, Hit, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import annotator, entity
from corpus_tool.tables import ANNOTATIONS, PROVENANCE_KIND, RECORD_KINDS
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_STRUCTURE = ("passage", "sentence", "token", "word")
_BY_PEOPLE = ("entity", "relation", "event", "coreference", "quotation", "label")
_TRAIN = "train"
_E_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]{2,}")
_NO_NAMES = {
    "adjudicator", "annotation", "annotator", "anonymous", "coder", "corrector", "crowd", "curator", "desk", "editor",
    "expert", "gold", "group", "native", "newsroom", "office", "project", "reviewer", "speaker", "student", "team",
    "unknown", "user", "worker",
}  # fmt: skip
_MODEL = {"id": "M1", "agent": "tagger", "agent_type": "model", "model_version": "1.0"}
_BY_MODEL = {"/provenance/-": _MODEL, "/entities/-": entity("LOC", 23, 34, prov="M1")}


def _adjudication(status: str, prov: str | None = None) -> list[dict[str, Any]]:
    return [{"layer": "entities", "status": status, **({"prov": prov} if prov else {})}]


@rule("PRV703", on=TABLES, message="nobody knows who made it", fixes=("unsafe",), bad=[
    Bad({"/entities/1/prov": None}, "/entities/1/prov"),
    Bad(drop=("/relations/0/prov",), at="/relations/0/prov"),
    Bad({"/provenance/0/agent": "mara@news.example"}, "/provenance/0/agent"),
    Bad({"/provenance/0/agent": "Mara Quill"}, "/provenance/0/agent"),
], good=[{"/provenance/0/agent": "Annotator Three"}, {"/provenance/0/agent": "mara"}])  # fmt: skip
def annotation_has_a_known_maker(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Every annotation says who made it, where its article records that at all; and people are named by a pseudonym.

    What nobody made belongs to no annotator's work: it is never gold, and counts for no agreement. Put the id of a
    provenance record beside it; passages, sentences, tokens and words may go without. Where `corpus.toml` lists the
    agents (`[policy] annotators`), others are misspelt or strangers. An e-mail address, or what looks like a first and
    a last name, would be published with the corpus: give people pseudonyms, or list the name if it is meant to be seen.
    The fix makes one of the name, the same in every file; who knows the name can still work it out.
    """
    yield from _without_maker(tables, contract)
    records = tables.records
    known = contract.policy.annotators
    for agent in records["agent"].drop_nulls().unique(maintain_order=True):
        personal = _personal(agent)
        if agent in (known or ()) or (known is None and personal is None):
            continue
        strange = None if known is None else f"corpus.toml lists no agent {shown(agent)}{did_you_mean(agent, known)}"
        for row in records.filter(records["agent"] == agent).iter_rows(named=True):
            shows = personal if row["agent-type"] == "human" else None
            if why := "; ".join(filter(None, (shows, strange))):
                fix = _pseudonym(tables.pointer(row, "agent"), agent) if shows else None
                yield Hit(ANNOTATIONS, row, why, fix, point="agent")


def _without_maker(tables: Tables, contract: Contract) -> Iterator[Hit]:
    asked = _places(tables, contract, besides=(*_STRUCTURE, *RECORD_KINDS))
    nobody = tables.annotations["prov"].is_null() & tables.annotations["at"].is_in(list(asked))
    if not nobody.any():
        return
    lacking = tables.annotations.filter(nobody)
    recorded = tables.records.filter(pl.col("kind") == PROVENANCE_KIND)["article"].unique()
    for row in lacking.filter(pl.col("article").is_in(recorded.to_list())).iter_rows(named=True):
        what = f"the {row['kind']} {shown(row['id'])}" if row["id"] else f"the {row['kind']}"
        yield Hit(ANNOTATIONS, row, f"{what} does not say who made it, and the article has provenance", point="prov")


def _places(tables: Tables, contract: Contract, besides: tuple[str, ...]) -> dict[int, str]:
    """The layers whose annotations say who made them, by the number of their place; of some kinds none."""
    asked = {layer.name for layer in contract.layers if layer.provenance is not None and layer.kind not in besides}
    whole = {at: place.path[0] for at, place in enumerate(tables.places) if place.path[1:] == (EACH,)}
    return {at: name for at, name in whole.items() if name in asked}


def _personal(agent: str) -> str | None:
    """Why an agent's id gives a person away; None where it does not."""
    if _E_MAIL.search(agent):
        return f"{shown(agent)} is an e-mail address"
    return f"{shown(agent)} looks like the name of a person" if _is_name(agent) else None


def _is_name(agent: str) -> bool:
    words = agent.split(" ")
    if len(words) not in {2, 3} or any(word.casefold() in _NO_NAMES for word in words):
        return False
    return all(_is_name_word(word) for word in (words[0], words[-1])) and all(
        _is_name_word(word.removesuffix(".") + ("x" if len(word) < 3 else "")) for word in words[1:-1]
    )


def _is_name_word(word: str) -> bool:
    parts = re.split("[-'\u2019]", word)
    return len(word) > 1 and word[0].isupper() and parts[-1][1:].islower() and all(part.isalpha() for part in parts)


def _pseudonym(at: str, agent: str) -> Fix:
    new = f"annotator-{hashlib.sha256(agent.encode()).hexdigest()[:8]}"
    return Fix(f"write '{new}'", (Edit(at, agent, new),), "unsafe")


@rule("PRV704", on=TABLES, message="a machine's work is taken for more than it is", bad=[
    Bad({**_BY_MODEL, "/adjudication": _adjudication("adjudicated", "M1")}, "/adjudication/0/prov"),
    Bad({**_BY_MODEL, "/provenance/-": {**_MODEL, "model_version": None}}, "/provenance/1/model_version"),
], good=[{**_BY_MODEL, "/adjudication": _adjudication("adjudicated", "A1")}])  # fmt: skip
def machine_work_is_marked(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """What a model made is not gold by its own word, names the model's version, and is as sure as between 0 and 1.

    A test set of a model's output measures how like that model others are. Without the version nobody can make the
    annotations again, or tell those of two versions apart. Adjudicate by a person, name the version, scale the score.
    """
    is_model = (tables.records["agent-type"] == "model").fill_null(value=False)
    if is_model.any():
        yield from _gold_of_models(tables.records, is_model)
        yield from _without_version(tables.records, is_model, contract)
    sure = tables.scores["confidence"].is_between(0, 1)
    for row in tables.scores.filter(~sure).iter_rows(named=True) if not sure.all() else ():
        yield Hit(ANNOTATIONS, row, f"the confidence {row['confidence']:g} is not between 0 and 1", point="confidence")


def _gold_of_models(records: pl.DataFrame, is_model: pl.Series) -> Iterator[Hit]:
    models = set(zip(records["article"].filter(is_model), records["id"].filter(is_model), strict=True))
    decided = (records["adjudication-status"] == "adjudicated") & records["prov"].is_not_null()
    if models.isdisjoint(zip(records["article"].filter(decided), records["prov"].filter(decided), strict=True)):
        return
    rows = list(records.filter(decided).iter_rows(named=True))
    people = {(row["article"], row["layer"]) for row in rows if (row["article"], row["prov"]) not in models}
    for row in rows:
        if (row["article"], row["layer"]) not in people:
            message = f"the adjudication of {shown(row['layer'] or '')} names {shown(row['prov'])}, which is a model"
            yield Hit(ANNOTATIONS, row, message, point="prov")


def _without_version(records: pl.DataFrame, is_model: pl.Series, contract: Contract) -> Iterator[Hit]:
    if not any("agent-version" in layer.meanings for layer in contract.of_kind(PROVENANCE_KIND)):
        return
    bare = is_model & (records["agent-version"].fill_null("").str.strip_chars() == "")
    for row in records.filter(bare).iter_rows(named=True) if bare.any() else ():
        yield Hit(ANNOTATIONS, row, f"the model {shown(row['agent'] or '')} has no version", point="agent-version")


@rule("PRV705", on=TABLES, message="the work is not done", bad=[
    Bad({"/adjudication": _adjudication("withdrawn", "A1")}, "/adjudication/0"),
    Bad({"/adjudication": _adjudication("pending"), "/split": "test"}, "/adjudication/0",
        drop=("/coverage",)),
    Bad({"/provenance/-": annotator("A2", derived_from=["A1"]), "/split": "test",
         "/relations/-": {"id": "R2", "type": "Near", "prov": "A2",
                          "arguments": [{"role": "Arg1", "ref": "T3"}, {"role": "Arg2", "ref": "T2"}]}}, "/relations/0"),
], good=[{"/adjudication": _adjudication("pending"), "/split": "test"}, {"/provenance/-": annotator("A2"), "/adjudication": _adjudication("withdrawn", "A2")}])  # fmt: skip
def work_is_done(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """No annotation is of work that was withdrawn, and outside of train every layer has gold, by as many people as asked.

    Tools export cancelled work with the rest: take it out. A layer that several made and nobody adjudicated is left out
    of what a release offers as the truth, so a test set silently lacks it: adjudicate it, or say in `coverage` which
    annotator is complete. `[policy] min-annotators` asks for so many people for every layer that takes judgement; what
    a machine alone made is left out of gold without it, and counted.
    """
    yield from _withdrawn(tables)
    if "split" not in tables.articles.columns:
        return
    held_out = set((tables.articles["split"] != _TRAIN).arg_true())
    if not held_out:
        return
    least = contract.policy.min_annotators
    asked = _places(tables, contract, besides=("note", *RECORD_KINDS))
    made = _made(tables, asked, held_out if least is not None else held_out & _doubtful(tables, asked))
    _say(tables, made)
    kinds = {layer.name: layer.kind for layer in contract.layers}
    for (article, name), work in sorted(made.items()):
        what = f"{name} of this {tables.articles['split'][article]} article"
        if work.provs and not has_gold(work.named, work.complete, len(work.provs)):
            by = ", ".join(sorted(shown(prov or "nobody") for prov in work.provs))
            yield Hit(ANNOTATIONS, work.row, f"{what}, made by {by}, have no gold: no adjudication names any")
        if least is not None and len(work.people) < least and kinds.get(name) in _BY_PEOPLE:
            number = f"{len(work.people)} annotator{'s' * (len(work.people) != 1)}"
            yield Hit(ANNOTATIONS, work.row, f"{what} have {number}, and the corpus asks for {least}")


def _withdrawn(tables: Tables) -> Iterator[Hit]:
    records = tables.records
    gone = (records["adjudication-status"] == "withdrawn").fill_null(value=False)
    for row in records.filter(gone).iter_rows(named=True) if gone.any() else ():
        layer = [at for at, place in enumerate(tables.places) if place.path == (row["layer"], EACH)]
        left = tables.annotations.filter((pl.col("article") == row["article"]) & pl.col("at").is_in(layer))
        if row["prov"] is not None:
            left = left.filter(pl.col("prov") == row["prov"])
        if not left.is_empty():
            whose = f"the work of {shown(row['prov'])}" if row["prov"] else "the work"
            message = f"{whose} on {row['layer']} was withdrawn, and {len(left)} of its annotations are still there"
            yield Hit(ANNOTATIONS, row, message)


@dataclass(slots=True)
class _Work:
    """What was done on one layer of one article.

    `row` is where to point, `provs` made its annotations, `named` and `complete` are as `has_gold` has them, `people`
    are the agents that annotated it or say that they did.
    """

    row: dict[str, Any]
    provs: set[str | None] = field(default_factory=set)
    named: set[str] | None = None
    complete: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


_Works = dict[tuple[int, str], _Work]


def _doubtful(tables: Tables, asked: dict[int, str]) -> set[int]:
    """The articles with a layer of several provenances, or with an adjudication; rows of a layer stand together."""
    article, at, prov = (tables.annotations[name] for name in ("article", "at", "prov"))
    mixed = prov.ne_missing(prov.shift(1)) & (article == article.shift(1)) & (at == at.shift(1)) & at.is_in(list(asked))
    states = tables.records["adjudication-status"].is_not_null()
    return {*article.filter(mixed), *tables.records["article"].filter(states)}


def _made(tables: Tables, asked: dict[int, str], articles: set[int]) -> _Works:
    """The layers of these articles, with who made their annotations."""
    if not articles:
        return {}
    rows = tables.annotations.filter(pl.col("article").is_in(articles) & pl.col("at").is_in(list(asked)))
    grouped = rows.group_by("article", "at").agg(pl.col("prov").unique(), pl.col("row").first())
    return {
        (article, asked[at]): _Work(tables.annotations.row(row, named=True), set(provs))
        for article, at, provs, row in grouped.iter_rows()
    }


def _say(tables: Tables, made: _Works) -> None:
    """Add what adjudication and coverage say, and the people behind provenances."""
    articles = {article for article, _ in made}
    rows = list(tables.records.filter(pl.col("article").is_in(articles)).iter_rows(named=True)) if articles else []
    humans = {(row["article"], row["id"]): row for row in rows if row["agent-type"] == "human" and row["id"]}
    for row in rows:
        about, prov = row["layer"], row["prov"]
        if row["kind"] == PROVENANCE_KIND or about is None:
            continue
        work = made.setdefault((row["article"], about), _Work(row))
        if row["kind"] == "adjudication":
            if row["adjudication-status"] == "adjudicated" and prov is None:
                continue
            work.row = row
            work.named = (work.named or set()) | ({prov} if row["adjudication-status"] == "adjudicated" else set())
        elif (row["article"], prov) in humans:
            work.people.add(prov)
            if row["coverage-status"] == "complete":
                work.complete.add(prov)
    for (article, _), work in made.items():
        makers = (humans.get((article, prov)) for prov in work.people | work.provs)
        work.people = {
            maker["agent"] or maker["id"] for maker in makers if maker and maker["agent-role"] != "adjudicator"
        }
