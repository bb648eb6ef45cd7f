"""Articles made up at random that break no rule: many scripts, nested and discontinuous spans, several annotators."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import parse_inventory

Annotation = dict[str, Any]
Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Script:
    """Words of one script, and how sentences are made of them."""

    words: tuple[str, ...]
    stops: str = ".!?"
    comma: str = ","
    space: str = " "


def _script(words: str, *more: str) -> Script:
    return Script(tuple(unicodedata.normalize("NFC", word) for word in words.split()), *more)


SCRIPTS = {
    "latin": _script(
        "harbour Mara Zoë naïve Jean-Luc O’Neill p̄rova U.S. Inc. Dr. Ærø Łódź $5 10% £3.50 co-op rock'n'roll 1984 x̱aat"
    ),
    "cyrillic": _script("Қала өзен Мария теңіз порт Ёлка № п. город"),
    "greek": _script("Ἀθῆναι λιμάνι θάλασσα Ἑρμῆς ᾳδης", ".;"),
    "arabic": _script("مَدِينَة البحر كتاب قارِب الميناء", ".؟", "،"),
    "persian": _script("می‌خواهم دریا بندر خانه‌ها کشتی", ".؟", "،"),
    "hebrew": _script("שָׁלוֹם נמל ים סִפִּינָה"),
    "devanagari": _script("नमस्ते हिन्दी बन्दरगाह क्षितिज नौका", "।"),
    "thai": _script("กำลัง ท่าเรือ น้ำ เมือง", ".", ",", " "),
    "hangul": _script("한국어 항구 바다 부산"),
    "han": _script("漁船 東京 港町 海 々木", "。！", "、", ""),
    "signs": _script(
        "N.Y. e.g. (sic) AT&T C# C++ #1 @mara http://a.b/c ½ №5 25°C don't ’tis Mr. M&M’s 3,5 1.000,00 St.-Pierre A/B über‑cool ﬁne "
        "+7 −5 5€ ¥100 10:30 24/7 CO₂ x² [sic] 'n' F.C. $1.5m 20-year-old a.m. «Mara» ®Mara Mara™ 1º U.N.-backed ٣٤ ǆ İstanbul ẞ"
    ),
    "others": _script(
        "ລາວ ខ្មែរ မြန်မာ ਪੰਜਾਬੀ தமிழ் తెలుగు ಕನ್ನಡ മലയാളം ශ්‍රී ქართული Հայերեն አማርኛ ᠮᠣᠩᠭᠣᠯ ꦗꦮ 𞤀𞤣 Việt ʻokina ɑ̃ ŋ̩"
    ),
    "emoji": _script("👩‍👩‍👧 🇫🇮 👍🏽 😀 ❤️ 🏴󠁧󠁢󠁷󠁬󠁳󠁿 𝒜 𐐷 ferry", ".!"),
}
MARKS = (("“", "”"), ("«", "»"), ("„", "“"), ("「", "」"), ('"', '"'), ("‹", "›"), ("‘", "’"))
NAMES = ("PER", "LOC", "ORG")


@cache
def inventory() -> Inventory:
    """An inventory that forbids much: what is generated keeps it."""
    return parse_inventory({
        "inventory": "1.0",
        "entity": [
            {"name": "THING", "abstract": True}, {"name": "PER", "parent": "THING", "tag": True}, {"name": "LOC", "parent": "THING", "tag": True},
            {"name": "ORG", "tag": True}, {"name": "PLACE", "deprecated": True, "replaced_by": "LOC"}, {"name": "CUE"},
            {"name": "TRIGGER", "trigger": True},
        ],
        "relation": [
            {"name": "Near", "arguments": [{"role": "Arg1", "types": ["THING"], "max": 1}, {"role": "Arg2", "types": ["THING"], "max": 1}]},
            {"name": "PartOf", "acyclic": True, "arguments": [{"role": "Arg1", "max": 1}, {"role": "Arg2", "max": 1}]},
            {"name": "Beside", "symmetric": True, "arguments": [{"role": "Arg1"}, {"role": "Arg2"}]},
        ],
        "event": [{"name": "Sail", "triggers": ["TRIGGER"], "arguments": [
            {"role": "Agent", "types": ["PER", "ORG"], "min": 0, "max": 2}, {"role": "Cause", "kinds": ["event"], "min": 0},
        ]}],
        "quotation": [{"name": "direct"}, {"name": "indirect"}, {"name": "mixed"}],
        "coreference": [{"name": "identity"}],
        "attribute": [
            {"name": "Sure", "types": ["PER"], "values": ["High", "Low"], "required": True},
            {"name": "Named", "kinds": ["entity", "event"]},
        ],
        "axis": [{"name": "subject", "values": ["sea", "land"], "exclusive": True, "required": True}, {"name": "tone", "values": ["calm", "rough"]}],
        "overlap": [{"how": ["nested"], "inner": ["THING"], "outer": ["ORG"]}, {"how": ["nested"], "inner": ["LOC"], "outer": ["LOC"]}],
    }, "the inventory of generated articles")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What an article is made of: so many paragraphs of some scripts, some layers, so many people who annotate."""

    seed: int
    scripts: tuple[str, ...] = ("latin",)
    paragraphs: int = 2
    people: int = 1
    model: bool = False
    layers: frozenset[str] = frozenset()
    split: str | None = None


@dataclass(slots=True)
class Text:
    """A text as it grows, and where in it everything stands."""

    text: str = ""
    words: list[list[Piece]] = field(default_factory=list)
    """The words of each sentence, without punctuation."""
    tokens: list[list[Piece]] = field(default_factory=list)
    sentences: list[Piece] = field(default_factory=list)
    passages: list[tuple[str, Piece]] = field(default_factory=list)
    quoted: list[tuple[int, list[Piece], Piece, Piece]] = field(default_factory=list)
    """Of each quotation its sentence, its fragments, its cue and its speaker."""

    def put(self, piece: str) -> Piece:
        start = len(self.text)
        self.text += piece
        return start, len(self.text)


def _clause(pick: Random, text: Text, script: Script, number: int) -> Piece:
    """Words, perhaps with a comma between; from the first of them to the last."""
    found = []
    for left in range(number, 0, -1):
        word = text.put(pick.choice(script.words))
        found.append(word)
        text.words[-1].append(word)
        text.tokens[-1].append(word)
        if left > 1:
            if pick.random() < 0.1:
                text.tokens[-1].append(text.put(script.comma))
            text.put(script.space)
    return found[0][0], found[-1][1]


def _sentence(pick: Random, text: Text, script: Script) -> None:
    text.words.append([])
    text.tokens.append([])
    start = len(text.text)
    if pick.random() < 0.3:
        _quotation(pick, text, script)
    else:
        _clause(pick, text, script, pick.randint(1, 9))
    text.tokens[-1].append(text.put(pick.choice(script.stops)))
    text.sentences.append((start, len(text.text)))


def _quotation(pick: Random, text: Text, script: Script) -> None:
    """Quoted words, the cue and the speaker; perhaps more quoted words."""
    fragments = [_quoted(pick, text, script)]
    text.put(script.space or " ")
    cue = _clause(pick, text, script, 1)
    text.put(script.space or " ")
    speaker = _clause(pick, text, script, 1)
    if pick.random() < 0.3:
        text.tokens[-1].append(text.put(script.comma))
        text.put(" ")
        fragments.append(_quoted(pick, text, script))
    text.quoted.append((len(text.words) - 1, fragments, cue, speaker))


def _quoted(pick: Random, text: Text, script: Script) -> Piece:
    """With its marks or without them: both are allowed."""
    opening, closing = pick.choice(MARKS)
    first = text.put(opening)
    inner = _clause(pick, text, script, pick.randint(1, 6))
    comma = text.put(script.comma) if pick.random() < 0.7 else None
    last = text.put(closing)
    text.tokens[-1] = [*text.tokens[-1], *filter(None, (first, comma, last))]
    return pick.choice([(first[0], last[1]), (inner[0], last[0])])


def _text(pick: Random, shape: Shape) -> Text:
    text = Text(pick.choice(["", "", "\n", "  \n\n"]))
    for number in range(shape.paragraphs):
        start, script = len(text.text), SCRIPTS[pick.choice(shape.scripts)]
        for left in range(pick.randint(1, 4), 0, -1):
            _sentence(pick, text, script)
            text.put(pick.choice([" ", " ", "\n"]) if left > 1 else "")
        kind = pick.choice(["headline", "subheading", "caption"]) if number == 0 else "paragraph"
        text.passages.append((kind, (start, len(text.text))))
        if kind == "caption":
            text.passages.append(("credit", text.sentences[-1]))
        text.put(pick.choice(["\n\n", "\n", " \n\t\n"]) if number + 1 < shape.paragraphs or pick.random() < 0.5 else "")
    text.tokens = [sorted(own) for own in text.tokens]
    return text


class _Made:
    """An article as it grows: annotations get their ids and their makers here."""

    def __init__(self, pick: Random, shape: Shape) -> None:
        self.pick, self.shape, self.text = pick, shape, _text(pick, shape)
        self.article: Annotation = {}
        self.numbers: dict[str, int] = {}
        people = [f"A{number}" for number in range(1, shape.people + 1)]
        self.makers = [*people, *(["M1"] if shape.model else [])]
        self.taken: dict[str, list[tuple[str, frozenset[int]]]] = {maker: [] for maker in self.makers}

    def new(self, prefix: str) -> str:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return f"{prefix}{self.numbers[prefix]}"

    def spans(self, pieces: Iterable[Piece]) -> list[Annotation]:
        return [{"start": low, "end": high, "text": self.text.text[low:high]} for low, high in pieces]

    def add(self, layer: str, prefix: str, **more: Any) -> Annotation:
        one = {"id": self.new(prefix), **{name: value for name, value in more.items() if value is not None}}
        self.article.setdefault(layer, []).append(one)
        return one

    def entity(self, label: str, pieces: list[Piece], prov: str) -> Annotation | None:
        """Another entity, unless it shares characters with one of the same maker in a way that the inventory forbids."""
        own = frozenset(at for low, high in pieces for at in range(low, high))
        if not all(_licensed(label, own, *other) for other in self.taken[prov]):
            return None
        self.taken[prov].append((label, own))
        sure = [{"name": "Sure", "value": self.pick.choice(["High", "Low"])}] if label == "PER" else []
        named = [{"id": self.new("N"), "name": "Named"}] if self.pick.random() < 0.2 else []
        return self.add("entities", "T", type=label, spans=self.spans(pieces), prov=prov, attributes=sure + named or None,
                        confidence=self.pick.choice([None, 0, 0.5, 1]))  # fmt: skip

    def of(self, prov: str, *labels: str) -> list[Annotation]:
        return [one for one in self.article.get("entities", []) if one["prov"] == prov and one["type"] in labels]


def _licensed(label: str, own: frozenset[int], other: str, taken: frozenset[int]) -> bool:
    if own.isdisjoint(taken):
        return True
    pairs = {("PER", "ORG"), ("LOC", "ORG"), ("LOC", "LOC")}
    return (own < taken and (label, other) in pairs) or (taken < own and (other, label) in pairs)


def _structure(made: _Made) -> None:
    pick, text, layers = made.pick, made.text, made.shape.layers
    prov = pick.choice([None, "layout"])
    if "passages" in layers:
        for kind, piece in text.passages:
            made.add("passages", "P", type=kind, spans=made.spans([piece]), prov=prov)
    if "sentences" in layers:
        for piece in text.sentences:
            made.add("sentences", "S", spans=made.spans([piece]), prov=prov)
    for own in text.tokens if "tokens" in layers else ():
        tokens = [made.add("tokens", "K", spans=made.spans([piece]), prov=prov) for piece in own]
        if "words" in layers:
            _tree(made, tokens, prov)


def _tree(made: _Made, tokens: list[Annotation], prov: str | None) -> None:
    """The words of a sentence under one root; some tokens are two words, and one word no token."""
    pick, words = made.pick, []
    for token in [*tokens, *tokens[: pick.randrange(2)], None]:
        form = token["spans"][0]["text"] if token else "_"
        if token or pick.random() < 0.2:
            name = token["id"] if token else None
            words.append(
                made.add("words", "W", token=name, form=form, upos=pick.choice(["NOUN", "X", None]), prov=prov)
            )
    order = pick.sample(words, len(words))
    for number, word in enumerate(order):
        if number:
            word["head"] = pick.choice(order[:number])["id"]
        word |= {"deprel": "dep" if number else "root", "feats": [{"name": "Case", "value": "Nom"}]}
        word["deps"] = [{"head": other["id"], "rel": "dep"} for other in pick.sample(words, 1) if other is not word]


def _entities(made: _Made, prov: str) -> None:
    pick = made.pick
    for words in made.text.words:
        for _ in range(pick.randrange(4)):
            first = pick.randrange(len(words))
            last = min(len(words) - 1, first + pick.choice([0, 0, 1, 2]))
            pieces = [(words[first][0], words[last][1])]
            if last + 2 < len(words) and pick.random() < 0.2:
                pieces.append(words[pick.randrange(last + 2, len(words))])
            made.entity(pick.choice(NAMES), pieces, prov)


def _relations(made: _Made, prov: str) -> None:
    pick, seen = made.pick, set()
    entities = made.of(prov, *NAMES)
    for _ in range(pick.randrange(5) if len(entities) > 1 else 0):
        label = pick.choice(["Near", "PartOf", "Beside"])
        some = made.of(prov, "PER", "LOC") if label == "Near" else entities
        if len(some) < 2:
            continue
        one, two = sorted(pick.sample(range(len(some)), 2))
        ends = [{"role": "Arg1", "ref": some[one]["id"]}, {"role": "Arg2", "ref": some[two]["id"]}]
        key = label, ends[0]["ref"], ends[1]["ref"]
        if key not in seen:
            seen.add(key)
            made.add("relations", "R", type=label, arguments=pick.sample(ends, 2), prov=prov)


def _events(made: _Made, prov: str) -> None:
    pick, before = made.pick, []
    for words in made.text.words:
        trigger = made.entity("TRIGGER", [pick.choice(words)], prov) if pick.random() < 0.4 else None
        if trigger is None:
            continue
        agents = pick.sample(some := made.of(prov, "PER", "ORG"), min(len(some), pick.randrange(3)))
        roles = [{"role": f"Agent{number or ''}", "ref": agent["id"]} for number, agent in enumerate(agents)]
        roles += [{"role": "Cause", "ref": pick.choice(before)["id"]}] if before and pick.random() < 0.5 else []
        before.append(made.add("events", "E", type="Sail", trigger=trigger["id"], arguments=roles, prov=prov))


def _quotations(made: _Made, prov: str) -> None:
    for _, fragments, cue, speaker in made.text.quoted:
        said = made.entity("CUE", [cue], prov)
        by = made.entity(made.pick.choice(["PER", "ORG"]), [speaker], prov)
        kind = made.pick.choice(["direct", "indirect", "mixed"])
        named = {"speaker": by["id"] if by else None, "cue": [said["id"]] if said else None}
        made.add("quotations", "Q", type=kind, spans=made.spans(fragments), prov=prov, **named)


def _chains(made: _Made, prov: str) -> None:
    pick = made.pick
    for label in NAMES:
        own = pick.sample(some := made.of(prov, label), len(some))
        while len(own) > 1:
            size = min(len(own), pick.randint(2, 4))
            mentions, own = own[:size], own[size:]
            link = {"db": "gazetteer", "id": f"G{pick.randrange(9)}"}
            for one in pick.sample(mentions, pick.randrange(size)):
                one["links"] = [link]
            first = pick.choice([None, pick.choice(mentions)["id"]])
            made.add(
                "coreference",
                "C",
                type="identity",
                mentions=[one["id"] for one in mentions],
                representative=first,
                prov=prov,
            )


PARTS = {
    "entities": _entities,
    "relations": _relations,
    "events": _events,
    "quotations": _quotations,
    "coreference": _chains,
}
LAYERS = ("passages", "sentences", "tokens", "words", *PARTS, "labels", "notes", "coverage", "metadata")


def article(shape: Shape) -> Annotation:
    """An article of a shape on which no rule finds anything; the same for the same shape."""
    pick = Random(shape.seed)
    made = _Made(pick, shape)
    made.article |= {"schema_version": "1.0", "id": f"a-{shape.seed}", "text": made.text.text}
    if pick.random() < 0.5:
        made.article["text_sha256"] = hashlib.sha256(made.text.text.encode()).hexdigest()
    if shape.split is not None:
        made.article["split"] = shape.split
    if "metadata" in shape.layers:
        made.article["metadata"] = _metadata(pick)
    _structure(made)
    for layer, make in PARTS.items():
        for prov in made.makers if layer in shape.layers else ():
            make(made, prov)
    for prov in made.makers if "labels" in shape.layers else ():
        made.article.setdefault("labels", []).append(
            {"axis": "subject", "value": pick.choice(["sea", "land"]), "prov": prov}
        )
    for one in (
        pick.sample(some := made.article.get("entities", []), min(len(some), 2)) if "notes" in shape.layers else ()
    ):
        made.add("notes", "#", ref=one["id"], text="see there\n\u2028", prov=one["prov"])
    for layer in shape.layers & PARTS.keys():  # it was annotated, and nothing was found
        made.article.setdefault(layer, [])
    _records(made)
    return made.article


def _metadata(pick: Random) -> Annotation:
    return {
        "uri": "https://news.example/\u0431?a=1#x".encode("ascii", "ignore").decode(),
        "language": pick.choice(["en", "kk", "zh-Hant", "sr-Latn-RS"]),
        "usageTerms": "CC-BY-4.0",
        "contentCreated": pick.choice(["2026-03-02", "2026-03-02T10:00:00+05:00"]),
        "firstCreated": "2026-03-02T10:00:00+05:00",
        "versionCreated": pick.choice(["2026-03-02T05:00:00Z", "2026-03-02T06:00:00.250Z"]),
        "embargoedUntil": pick.choice([None, "2026-03-03T00:00:00Z"]),
        "pubStatus": pick.choice([None, "usable"]),
    }


def _records(made: _Made) -> None:
    pick, own = made.pick, made.article
    for number, prov in enumerate(made.makers):
        kind = {"agent_type": "model", "model_version": "1.0"} if prov == "M1" else {"agent_type": "human"}
        builds = [made.makers[0]] if number and pick.random() < 0.5 else None
        record = {
            "id": prov,
            "agent": f"annotator-{prov}",
            **kind,
            "role": "corrector" if builds else "annotator",
            "derived_from": builds,
        }
        own.setdefault("provenance", []).append({name: value for name, value in record.items() if value is not None})
    own.setdefault("provenance", []).append({"id": "layout", "agent": "splitter", "agent_type": "rule"})
    if "coverage" in made.shape.layers:
        own["coverage"] = [
            {"layer": "entities", "prov": prov, "status": "partial", "labels": ["PER"]} for prov in made.makers
        ]
    if made.shape.split not in {None, "train"}:
        layers = [layer for layer in (*PARTS, "labels") if layer in own]
        first = made.makers[0]
        own["coverage"] = [{"layer": layer, "prov": first, "status": "complete"} for layer in layers]
        own["adjudication"] = [{"layer": layer, "status": "adjudicated", "prov": first} for layer in layers]
