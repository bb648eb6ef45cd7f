"""The tokens view: a row a sentence, with the tags of gold entities."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.contract import Contract
from corpus_tool.nested import Numbers
from corpus_tool.tags import DISCONTINUOUS, LOOSE, NO_SPAN, STRIDE, Marks, sentence_of, tag, tag_labels, tag_names
from corpus_tool.views import Block, View


def rows(view: View, batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """The rows of any view, in the order of the articles and of their annotations."""
    block = Block(batch, contract)
    return token_rows(block, view)[0] if view.kind == "token" else block.rows(view)


def token_rows(block: Block, view: View) -> tuple[pa.RecordBatch, Counter[str]]:
    """The rows of the token view, and what got no tag or no row, by reason.

    Tags are null where the entities of an article were not annotated.
    """
    layer, *_ = block.contract.of_kind("token")
    tokens = block.marks((layer,)).spans
    order = tokens.sorted()
    tokens, text = tokens.take(order), block.hulls(layer).text.take(pa.array(order))
    sentences, ids = _sentences(block, block.has((layer,)))
    sentence = sentence_of(tokens, sentences)
    codes, names, left_out = _tags(block, tokens, sentence)
    inside = sentence >= 0
    left_out[LOOSE] = int((~inside).sum())
    ends = np.cumsum(np.bincount(sentence[inside], minlength=len(ids)))
    offsets = pa.array(np.concatenate(([0], ends)).astype(np.int32))
    unknown = pa.array(~block.has(block.contract.of_kind("entity"))[sentences.article])
    columns = {
        "tokens": (text, None),
        "starts": (pa.array(tokens.start), None),
        "ends": (pa.array(tokens.end), None),
        "tags": (names.take(pa.array(codes)), unknown),
    }
    lists = [
        pa.ListArray.from_arrays(offsets, values.filter(pa.array(inside)), type=view.schema.field(name).type, mask=mask)
        for name, (values, mask) in columns.items()
    ]
    made = [block.ids.take(pa.array(sentences.article)), ids, *lists]
    return pa.record_batch(made, schema=view.schema), +left_out


def _sentences(block: Block, wanted: npt.NDArray[np.bool_]) -> tuple[Marks, pa.Array]:
    """The sentences of the articles that are wanted, sorted; an article without any is one, without an id."""
    found = block.marks(block.contract.of_kind("sentence")[:1])
    marks = found.spans
    whole = np.flatnonzero(wanted & (np.bincount(marks.article, minlength=len(wanted)) == 0))
    every = Marks(
        np.concatenate((marks.article, whole)),
        np.concatenate((marks.start, np.zeros_like(whole))),
        np.concatenate((marks.end, np.full_like(whole, STRIDE - 1))),
    )
    order = every.sorted()
    order = order[wanted[every.article[order]]]
    ids = pa.concat_arrays([found.ids, pa.nulls(len(whole), pa.string())])
    return every.take(order), ids.take(pa.array(order))


def _tags(block: Block, tokens: Marks, sentence: Numbers) -> tuple[Numbers, pa.Array, Counter[str]]:
    """The tag of each token as a number, the names of the numbers, and what was left out."""
    found = block.marks(block.contract.of_kind("entity"))
    known = tag_labels(block.contract) or tuple(found.labels.unique().drop_null().to_pylist())
    numbers = pc.index_in(found.labels, value_set=pa.array(known, pa.string())).fill_null(-1).to_numpy()
    asked = (numbers >= 0) & block.has(block.contract.of_kind("token")[:1])[found.spans.article]
    keep = np.flatnonzero(asked & (found.fragments == 1))
    entities, ids = found.spans.take(keep), found.ids.take(pa.array(keep))
    codes, left_out = tag(tokens, sentence, entities, numbers[keep].astype(np.int64), ids)
    left_out[DISCONTINUOUS] = int((asked & (found.fragments > 1)).sum())
    left_out[NO_SPAN] = int((asked & (found.fragments == 0)).sum())
    return codes, pa.array(tag_names(known), pa.string()), left_out
