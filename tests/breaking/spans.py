"""SPN301 to SPN309 and SPN315: one annotation's own spans."""

from __future__ import annotations

from random import Random

from tests.breaking import Article, breaks
from tests.breaking.places import choose, cover, move, rewrite, spans, words


@breaks("SPN301")
def end_behind_the_text(pick: Random, article: Article) -> str:
    at, _, span = pick.choice(spans(article))
    span["end"] = len(article["text"]) + pick.choice([1, 2, 500, 2**31])
    return f"{at}/end"


@breaks("SPN301")
def start_before_the_text(pick: Random, article: Article) -> str:
    at, _, span = pick.choice(spans(article))
    span["start"] = -pick.choice([1, 2, 500])
    return f"{at}/start"


@breaks("SPN302")
def edges_swapped(pick: Random, article: Article) -> str:
    at, _, span = pick.choice(spans(article))
    span["start"], span["end"] = span["end"], span["start"]
    return at


@breaks("SPN303")
def no_width(pick: Random, article: Article) -> str:
    at, _, span = pick.choice(spans(article))
    edge = pick.choice([span["start"], span["end"]])
    move(article, span, edge, edge)
    return at


@breaks("SPN304")
def surface_misspelt(pick: Random, article: Article) -> str:
    at, _, span = pick.choice(spans(article))
    old, where = span["text"], pick.randrange(len(span["text"]))
    span["text"] = old[:where] + pick.choice(["", "x", "\u00e9\u0301", old[where] * 2]) + old[where + 1 :]
    if span["text"] == old:
        span["text"] += "x"
    return f"{at}/text"


@breaks("SPN304")
def offsets_slipped(pick: Random, article: Article) -> str | None:
    """To the left: to the right is where bytes would be counted, and the finding another."""
    at, _, span = pick.choice(spans(article))
    by = pick.choice([1, 2, 30])
    start, end = span["start"] - by, span["end"] - by
    if start < 0 or article["text"][start:end] == span["text"]:
        return None
    span["start"], span["end"] = start, end
    return f"{at}/text"


@breaks("SPN305")
def white_space_at_an_edge(pick: Random, article: Article) -> str | None:
    text = article["text"]
    found = [(at, span, 0, 1) for at, _, span in spans(article) if text[span["end"] : span["end"] + 1].isspace()]
    found += [(at, span, 1, 0) for at, _, span in spans(article) if text[: span["start"]][-1:].isspace()]
    at, span, before, after = pick.choice(found)
    move(article, span, span["start"] - before, span["end"] + after)
    return str(at)


@breaks("SPN306")
def accent_cut_off(pick: Random, article: Article) -> str | None:
    found = [(at, span) for at, _, span in spans(article) if span["text"][-1].isalpha()]
    at, span = pick.choice(found)
    last = span["end"] - 1
    rewrite(article, last, article["text"][last], article["text"][last] + "\u20dd")
    move(article, span, span["start"], last + 1)
    return f"{at}/end"


@breaks("SPN306")
def flag_cut_in_two(pick: Random, article: Article) -> str | None:
    text = article["text"]
    found = [(at, span) for at, _, span in spans(article) if text[span["end"] : span["end"] + 1] == " "]
    if not found:
        return None
    at, span = pick.choice(found)
    end = span["end"]
    rewrite(article, end, " ", " \U0001f1eb\U0001f1ee ")
    move(article, span, span["start"], end + 2)
    return f"{at}/end"


def _edges(article: Article) -> set[int]:
    return {edge for _, _, span in spans(article, "tokens") for edge in (span["start"], span["end"])}


@breaks("SPN307")
def last_letter_lost(pick: Random, article: Article) -> str | None:
    edges, text = _edges(article), article["text"]
    found = [
        (at, span)
        for at, _, span in spans(article, "passages", "sentences", "entities", "quotations")
        if span["text"][-2:].isalpha() and span["end"] - span["start"] > 2 and span["end"] - 1 not in edges
    ]
    at, span = pick.choice(found)
    move(article, span, span["start"], span["end"] - 1)
    return f"{at}/end" if text[span["end"]].isalpha() else None


@breaks("SPN307")
def begins_a_letter_late(pick: Random, article: Article) -> str | None:
    edges = _edges(article)
    found = [
        (at, span)
        for at, _, span in spans(article, "passages", "sentences", "entities", "quotations")
        if span["text"][:2].isalpha() and span["end"] - span["start"] > 2 and span["start"] + 1 not in edges
    ]
    at, span = pick.choice(found)
    move(article, span, span["start"] + 1, span["end"])
    return f"{at}/start"


@breaks("SPN308")
def fragments_out_of_order(pick: Random, article: Article) -> str | None:
    """An entity of several words as its words from the last to the first."""
    inside = _of_words(article)
    if not inside:
        return None
    at, _, own = pick.choice(inside)
    entity = article["entities"][int(at.split("/")[2])]
    entity["spans"] = [cover(article, low, high) for low, high in reversed(own)]
    return at.rpartition("/")[0] + "/1"


@breaks("SPN308")
def fragments_that_overlap(pick: Random, article: Article) -> str | None:
    inside = [one for one in _of_words(article) if len(one[2]) > 2]
    if not inside:
        return None
    at, _, own = pick.choice(inside)
    entity = article["entities"][int(at.split("/")[2])]
    entity["spans"] = [cover(article, own[0][0], own[1][1]), cover(article, own[1][0], own[-1][1])]
    return at.rpartition("/")[0] + "/1"


def _of_words(article: Article) -> list[tuple[str, dict[str, int], list[tuple[int, int]]]]:
    """The entities of one span that are words with spaces between, and their words."""
    every, found = words(article), []
    for at, entity, span in spans(article, "entities"):
        own = [(low, high) for low, high in every if span["start"] <= low and high <= span["end"]]
        spelt = " ".join(article["text"][low:high] for low, high in own)
        if len(own) > 1 and len(entity["spans"]) == 1 and spelt == span["text"]:
            found.append((at, span, own))
    return found


@breaks("SPN309")
def surface_of_one_fragment_lost(pick: Random, article: Article) -> str | None:
    inside = _of_words(article)
    if not inside:
        return None
    at, _, own = pick.choice(inside)
    entity = article["entities"][int(at.split("/")[2])]
    middle = pick.randrange(1, len(own))
    entity["spans"] = [cover(article, low, high) for low, high in ((own[0][0], own[middle - 1][1]), own[-1])]
    lost = pick.randrange(2)
    del entity["spans"][lost]["text"]
    return f"{at.rpartition('/')[0]}/{lost}"


@breaks("SPN315")
def comma_taken_in(pick: Random, article: Article) -> str | None:
    found = [(at, span) for at, _, span in spans(article, "entities") if article["text"][span["end"]] in ",;:"]
    found = [(at, span) for at, span in found if span["text"][-1].isalnum()]
    if not found:
        return None
    at, span = pick.choice(found)
    move(article, span, span["start"], span["end"] + 1)
    return str(at)


@breaks("SPN315")
def only_a_mark(pick: Random, article: Article) -> str | None:
    found = [(at, span) for at, _, span in spans(article, "entities") if article["text"][span["end"]] in ",.;:"]
    chosen = choose(pick, found)
    if chosen is None:
        return None
    at, span = chosen
    move(article, span, span["end"], span["end"] + 1)
    return str(at)
