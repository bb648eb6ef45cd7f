"""One task of Label Studio as an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats import Article
from corpus_tool.formats.columns_of_metadata import from_columns
from corpus_tool.formats.json_values import fraction, mapping, objects, strays
from corpus_tool.formats.label_studio.answers import add_answer
from corpus_tool.formats.label_studio.draft import AMBIGUOUS, MALFORMED, UNIT, Draft, Project
from corpus_tool.formats.label_studio.offsets import Ruler, settle
from corpus_tool.formats.label_studio.people import by_model, by_person, by_reviewer, corrects
from corpus_tool.formats.label_studio.regions import ANSWER_TYPES, SPAN_TYPES, Maker, Result, add_region, stated
from corpus_tool.formats.label_studio.relations import add_relations
from corpus_tool.formats.label_studio.tasks import ARTICLE_ID, PARTS, Task, annotations_of, is_cancelled, text_key

_TASK_KEYS = {"id", "data", "meta", "annotations", "completions", "predictions", "drafts"}
_ANNOTATION_KEYS = {
    "id", "result", "completed_by", "created_at", "was_cancelled", "skipped", "ground_truth", "reviews",
    "parent_prediction", "parent_annotation", "model_version", "score", "task", "project", "unique_id", "prediction",
}  # fmt: skip
_BOOKKEEPING = {
    "created_at", "updated_at", "created_ago", "inner_id", "project", "task", "updated_by", "last_created_by",
    "total_annotations", "cancelled_annotations", "total_predictions", "result_count", "comment_count",
    "unresolved_comment_count", "draft_created_at", "import_id",
}  # fmt: skip
"""Numbers of its database, and what it counts and dates itself: nothing that anybody said of the text."""
_RESULT_KEYS = {"id", "type", "value", "from_name", "to_name", "from_id", "to_id", "direction", "labels", "score",
                "meta", "source", "parentID"}  # fmt: skip


def read_task(project: Project, task: Task, layers: set[str]) -> Draft:
    """The task as an article, or, without a text, only what was found; `layers` are those that the project has."""
    value, pointer = task.value, task.pointer
    name = mapping(value.get("data")).get(ARTICLE_ID)
    known = isinstance(name, str) and name
    draft = Draft(project, str(name) if known else f"{project.id}-{value.get('id', task.number)}", pointer)
    key = text_key(value, project.config)
    if key is None:
        columns = ", ".join(list(mapping(value.get("data")))[:9]) or "nothing"
        message = f"a task without a text (its data has {columns}): pictures, sound and tables become no articles"
        draft.report(MALFORMED, Severity.ERROR, message, pointer)
        return draft
    draft.text, draft.has_text = value["data"][key], True
    _columns(draft, value, key)
    _people(draft, task, layers)
    return draft


def article_of(draft: Draft, metadata: Mapping[str, Any]) -> Article:
    """The article that a draft has become."""
    order = ("passages", "sentences", "entities", "relations", "events", "quotations", "coreference", "labels", "notes")
    records = {"coverage": draft.records, "adjudication": draft.adjudication}
    return {
        "schema_version": "1.0",
        "id": draft.id,
        "text": draft.text,
        "text_sha256": sha256(draft.text.encode()).hexdigest(),
        **metadata,
        **{layer: draft.layers[layer] for layer in order if layer in draft.layers},
        **({"provenance": draft.provenance} if draft.provenance else {}),
        **{name: items for name, items in records.items() if items},
    }


def metadata_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata and split, from `meta` and the columns of `data`."""
    made, _ = from_columns({**mapping(value.get("data")), **mapping(value.get("meta"))})
    return made


def _columns(draft: Draft, value: Mapping[str, Any], key: str) -> None:
    """Count what is beside the text, and in fields of the task, and has no place in an article."""
    for where in ("data", "meta"):
        columns = {name: one for name, one in mapping(value.get(where)).items() if name not in {key, ARTICLE_ID}}
        for name in from_columns(columns)[1]:
            draft.lose(f"columns of tasks: {name}", columns[name])
    _fields(draft, "fields of tasks", value, _TASK_KEYS)


def _fields(draft: Draft, what: str, value: Mapping[str, Any], known: Iterable[str]) -> None:
    for name, one in value.items():
        if name not in known and name not in _BOOKKEEPING and one not in (None, "", [], {}, False, "manual"):
            draft.lose(f"{what}: {name}", one)


def _people(draft: Draft, task: Task, layers: set[str]) -> None:
    """All annotations and predictions, in the order in which one may build on another."""
    for part in PARTS:
        if missing := strays(task.value.get(part)):
            message = f"'{part}' has {missing} parts that are no objects: left out"
            draft.report(MALFORMED, Severity.ERROR, message, f"{task.pointer}/{part}")
    for draft_of, _ in objects(task.value.get("drafts"), ""):
        draft.lose("drafts, which nobody submitted", draft_of.get("id"))
    ruler = _ruler(draft, task)
    parents: dict[tuple[str, Any], str] = {}
    for number, (value, pointer) in enumerate(objects(task.value.get("predictions"), f"{task.pointer}/predictions")):
        record = by_model(_new(draft, "M", value.get("id", number + 1)), value)
        parents["prediction", _key(value.get("id"))] = record["id"]
        _results(draft, (value, pointer), record, fraction(value.get("score")), ruler)
    for number, (value, pointer) in enumerate(annotations_of(task)):
        if is_cancelled(value):
            draft.lose("annotations that were skipped or cancelled", value.get("id"))
            continue
        name = _new(draft, "A", value.get("id", number + 1))
        parent = parents.get(("annotation", _key(value.get("parent_annotation")))) or parents.get(
            ("prediction", _key(value.get("parent_prediction")))
        )
        record = corrects(by_person(name, value), parent)
        parents["annotation", _key(value.get("id"))] = name
        _results(draft, (value, pointer), record, None, ruler)
        _completed(draft, value, name, layers)


def _key(name: Any) -> Any:
    return name if isinstance(name, int | str) else repr(name)


def _new(draft: Draft, letter: str, name: Any) -> str:
    made = f"{letter}{name}" if isinstance(name, int | str) and str(name) else letter
    return draft.own_id(made, str(len(draft.provenance) + 1))


def _completed(draft: Draft, annotation: Mapping[str, Any], prov: str, layers: set[str]) -> None:
    """A submitted annotation covers all that the project asks for; then come the reviews of it."""
    present = sorted(layers)
    for layer in present:
        draft.layers.setdefault(layer, [])
        draft.records.append({"layer": layer, "prov": prov, "status": "complete"})
    if annotation.get("ground_truth") is True:
        draft.adjudication += [{"layer": layer, "status": "adjudicated", "prov": prov} for layer in present]
    for number, (review, _) in enumerate(objects(annotation.get("reviews"), "")):
        name = _new(draft, "V", review.get("id", f"{prov}-{number + 1}"))
        record = by_reviewer(name, review, prov)
        draft.provenance.append(record)
        status = "adjudicated" if review.get("accepted") is True else "disagreed"
        entry = {"status": status, "prov": name, "derived_from": [prov]}
        draft.adjudication += [{"layer": layer, **entry} for layer in present]


def _ruler(draft: Draft, task: Task) -> Ruler:
    """How the offsets of this task count; a finding where it is not as Label Studio counts, or cannot be known."""
    parts = [*annotations_of(task), *objects(task.value.get("predictions"), f"{task.pointer}/predictions")]
    results = [one for value, pointer in parts for one in objects(value.get("result"), f"{pointer}/result")]
    places = [place for item, _ in results if item.get("type") in SPAN_TYPES and (place := stated(item))]
    settled = settle(draft.text, [(start, end, said) for start, end, said in places if said is not None])
    if not settled.declared:
        message = f"offsets are {settled.ruler.title}, where Label Studio counts code points: converted from those"
        draft.report(UNIT, Severity.WARNING, message, task.pointer)
    elif places and not settled.told:
        message = "no region says its words, and the text has characters that versions of Label Studio count as one or "
        draft.report(AMBIGUOUS, Severity.WARNING, f"{message}two: code points are taken", task.pointer)
    return settled.ruler


def _results(draft: Draft, part: Result, record: dict[str, Any], score: float | None, ruler: Ruler) -> None:
    """What one annotation or prediction says: regions first, since all else may be about one."""
    value, pointer = part
    draft.provenance.append(record)
    maker = Maker(record["id"], score)
    _fields(draft, "fields of annotations", value, _ANNOTATION_KEYS)
    if missing := strays(value.get("result")):
        message = f"'result' has {missing} parts that are no objects: left out"
        draft.report(MALFORMED, Severity.ERROR, message, f"{pointer}/result")
    results = objects(value.get("result"), f"{pointer}/result")
    for result in results:
        if result[0].get("type") in {*SPAN_TYPES, *ANSWER_TYPES}:
            _fields(draft, "fields of results", result[0], _RESULT_KEYS)
        if result[0].get("type") in SPAN_TYPES:
            add_region(draft, maker, result, ruler)
    for result in results:
        kind = result[0].get("type")
        if kind in ANSWER_TYPES:
            add_answer(draft, maker, result)
        elif kind not in SPAN_TYPES and kind != "relation":
            draft.lose(f"results of another kind: {kind}", result[0].get("id"))
    add_relations(draft, maker, [result for result in results if result[0].get("type") == "relation"])
