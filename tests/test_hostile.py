"""What a pull request can bring: nothing is fetched, nothing hangs, nothing swells, and there is never a traceback."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest

from corpus_tool import decoding, portions
from corpus_tool.blocks import MAX_BYTES, Block, Chunk
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.rules import all_rules
from corpus_tool.schema import Verdict
from corpus_tool.validate import Checker
from tests.program import Ran, run

ARTICLE = {"id": "a", "text": "Rain"}
SECONDS = 60
"""Far more than any of this takes on a busy machine, and far less than what hangs."""
CHECKER = Checker(load_contract(None, None), frozenset(all_rules()))


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SECONDS


def own(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string", "x-id": True},
            "text": {"type": "string", "x-text": True},
            **properties,
        },
    }


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


class Counting(BaseHTTPRequestHandler):
    """Answers every request with a schema that accepts anything, and counts it."""

    hits = 0

    def do_GET(self) -> None:
        Counting.hits += 1
        body = b'{"$schema": "https://json-schema.org/draft/2020-12/schema"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/s.json"
        listening.shutdown()


NAMING: dict[str, Callable[[str], Any]] = {
    "property": lambda uri: own(x={"$ref": uri}),
    "fragment": lambda uri: own(x={"$ref": f"{uri}#/$defs/a"}),
    "whole": lambda uri: {"$ref": uri},
    "dynamic": lambda uri: own(x={"$dynamicRef": uri}),
    "allOf": lambda uri: {**own(), "allOf": [{"$ref": uri}]},
    "unused definition": lambda uri: {**own(), "$defs": {"a": {"$ref": uri}}},
    "in a branch": lambda uri: own(x={"anyOf": [{"type": "null"}, {"items": {"$ref": uri}}]}),
    "dialect": lambda uri: {"$schema": uri, **own()},
    "dialect of a part": lambda uri: own(x={"$id": "urn:x", "$schema": uri}),
    "relative to the id": lambda uri: {"$id": uri, **own(x={"$ref": "other.json"})},
    "relative to the id of a part": lambda uri: own(x={"$id": uri, "items": {"$ref": "other.json"}}),
    "beside an id": lambda uri: own(x={"$id": "urn:x", "$ref": uri}),
}


def named(kind: str, server: str, tmp_path: Path) -> str:
    """An address that could be fetched: of the loopback server, or of a file that is a schema."""
    return server if kind == "http" else written(tmp_path / "there.json", {}).as_uri()


@pytest.mark.parametrize("kind", ["http", "file"])
@pytest.mark.parametrize("naming", NAMING)
def test_no_schema_is_fetched(tmp_path: Path, server: str, kind: str, naming: str) -> None:
    Counting.hits = 0
    schema = written(tmp_path / "own.json", NAMING[naming](named(kind, server, tmp_path)))
    articles = tmp_path / "articles"
    articles.mkdir()
    written(articles / "a.json", {**ARTICLE, "x": 1})
    for file, name in (("schema", "schema"), ("extension", "extension")):
        (tmp_path / f"{file}.toml").write_text(f'{name} = "own.json"\n')
    runs = [
        run("validate", articles, "--schema", schema),
        run("schema", "compile", "--schema", schema),
        run("schema", "check", "--schema", schema),
        run("validate", articles, "--config", tmp_path / "schema.toml"),
        run("validate", articles, "--config", tmp_path / "extension.toml"),
        run("schema", "compile", "--config", tmp_path / "extension.toml"),
    ]
    assert Counting.hits == 0
    assert [ran.code for ran in runs] == [2] * len(runs), [ran.err for ran in runs]
    assert all("error: " in ran.err for ran in runs)
    assert all(
        "own.json" in ran.err or "there.json" in ran.err or "/s.json" in ran.err or "other.json" in ran.err
        for ran in runs
    )


def test_nothing_else_is_fetched_either(tmp_path: Path, server: str) -> None:
    """An inventory, a corpus.toml and an article that name addresses where a schema would."""
    Counting.hits = 0
    keys = {"$schema": server, "$ref": server, "$id": server}
    inventory = written(tmp_path / "inventory.json", {"inventory": "1.0", **keys})
    config = written(tmp_path / "corpus.toml", "".join(f'"{key}" = "{uri}"\n' for key, uri in keys.items()))
    article = written(tmp_path / "a.json", {**ARTICLE, **keys})
    runs = [
        run("validate", article, "--inventory", inventory, "--config", written(tmp_path / "none.toml", "")),
        run("validate", article, "--config", config),
        run("validate", article, "--config", tmp_path / "none.toml"),
        run("validate", article, "--config", written(tmp_path / "uri.toml", f'schema = "{server}"\n')),
        run("validate", server),
    ]
    assert Counting.hits == 0
    assert [ran.code for ran in runs] == [2, 2, 1, 2, 2]


EVIL = [
    "^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a*)*b$", "^([a-zA-Z]+)*$", "(a+){2,}b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}b",
    r"^(\w+\s?)*$", "^(a?){100}a{100}$", "^(?=a)(a+)+$", "^(?!b)(a|aa)+$", r"^(a+)\1+b$", r"^(a|aa)+\1$", "(?<=a)(a+)+b", "(?>a+)+b",
    "a{1000}{1000}", "((a{100}){100}){100}", "(x+x+)+y", "^" + "(" * 500 + "a" + ")" * 500 + "$", "(" * 100_000, "[" + "a-z" * 50_000 + "]",
]  # fmt: skip
STRING = "a" * 100_000 + "!"


def judged(schema: Any, value: Any) -> str:
    """What comes of it: a verdict, or the word that the contract is at fault."""
    from corpus_tool.errors import SettingsError

    try:
        verdict = Verdict(Contract(compile_schema(schema, None, None, "own")))
        verdict.check_patterns()
        return "accepted" if verdict.accepts(value) else f"{len(verdict.breaches(value))} refused"
    except SettingsError as error:
        return "settings" if len(str(error)) < 1000 else str(error)


@pytest.mark.parametrize("pattern", EVIL, ids=lambda pattern: pattern[:30])
def test_no_pattern_hangs(pattern: str) -> None:
    value = {**ARTICLE, "x": STRING}
    assert judged(own(x={"type": "string", "pattern": pattern}), value) in ("accepted", "1 refused", "settings")
    assert judged(own(x={"patternProperties": {pattern: {"type": "null"}}}), {**ARTICLE, "x": {STRING: 1}})
    assert judged(own(x={"propertyNames": {"pattern": pattern}}), {**ARTICLE, "x": {STRING: 1}})


def test_the_pattern_of_the_books_is_judged_and_not_given_up() -> None:
    assert judged(own(x={"type": "string", "pattern": "^(a+)+$"}), {**ARTICLE, "x": STRING}) == "1 refused"
    assert judged(own(x={"type": "string", "pattern": "^(a+)+$"}), {**ARTICLE, "x": STRING[:-1]}) == "accepted"


def doubled(keyword: str, times: int = 30) -> dict[str, Any]:
    """Definitions that each name the next one twice: 2^30 parts with the references written out."""

    def both(name: str) -> dict[str, Any]:
        part = {"$ref": f"#/$defs/{name}"}
        return {keyword: {"a": part, "b": part} if keyword == "properties" else [part, part]}

    definitions = {f"d{number}": both(f"d{number + 1}") for number in range(times)}
    return {**own(x={"$ref": "#/$defs/d0"}), "$defs": {**definitions, f"d{times}": {"type": "string"}}}


def chain(length: int, *, inside: bool) -> dict[str, Any]:
    parts = ({"$ref": f"#/$defs/d{number + 1}"} for number in range(length))
    definitions = {f"d{number}": {"properties": {"a": part}} if inside else part for number, part in enumerate(parts)}
    return {**own(x={"$ref": "#/$defs/d0"}), "$defs": {**definitions, f"d{length}": {"type": "string"}}}


def deep(levels: int, inner: Any = 1) -> Any:
    for _ in range(levels):
        inner = [inner]
    return inner


SCHEMAS = [
    *(pytest.param(doubled(keyword), "settings", id=f"2^30 by {keyword}") for keyword in ("properties", "allOf", "anyOf", "oneOf", "prefixItems")),
    *(pytest.param(chain(length, inside=inside), None, id=f"chain of {length}{' inside' if inside else ''}") for length in (90, 1000, 20_000) for inside in (True, False)),
    pytest.param(own(x={"$ref": "#/properties/x"}), None, id="itself"),
    pytest.param({"$ref": "#"}, None, id="the whole"),
    pytest.param({**own(x={"$ref": "#/$defs/a"}), "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, None, id="each other"),
    pytest.param(own(x={"allOf": [{"$ref": "#/properties/x"}]}), None, id="itself in allOf"),
    pytest.param(own(x={"anyOf": [{"$ref": "#/properties/x"}] * 2}), None, id="itself twice in anyOf"),
    pytest.param(own(x={"not": {"$ref": "#/properties/x"}}), None, id="not itself"),
    pytest.param(own(x={"$dynamicRef": "#a", "$dynamicAnchor": "a"}), None, id="itself by anchor"),
    pytest.param(own(x={"const": deep(400)}), "settings", id="deep constant"),
    pytest.param(own(x={"enum": [deep(480)]}), "settings", id="deep enum"),
    pytest.param(own(x={"default": deep(480)}), None, id="deep default"),
    pytest.param(own(x={"const": deep(5000)}), "settings", id="very deep constant"),
    pytest.param(own(x={"type": "string", "enum": [f"v{number}" for number in range(300_000)]}), None, id="huge enum"),
    pytest.param(own(**{f"property{number}": {"type": "string"} for number in range(100_000)}), "settings", id="many properties"),
    pytest.param(own(x={"description": "x" * 10_000_000}), None, id="10 MB"),
    pytest.param(own(x={"allOf": [{"properties": {f"a{number}": {"type": "string"}}} for number in range(1000)]}), None, id="allOf of a thousand"),
    pytest.param(own(x={"type": "string", "maxLength": 10**30, "minLength": -1}), None, id="bounds that no length has"),
    pytest.param(own(x={"type": "number", "multipleOf": 5e-324}), None, id="multiple of almost nothing"),
    pytest.param(own(x={"y" * 1_000_000: 1}), "settings", id="long keyword"),
    pytest.param(own(x={"$ref": "#/" + "a/" * 100_000}), "settings", id="long reference"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "wanted"), SCHEMAS)
def test_a_schema_is_compiled_or_refused_in_bounded_time(schema: Any, wanted: str | None) -> None:
    got = judged(schema, {**ARTICLE, "x": "a"})
    assert got == wanted if wanted else got


def with_bombs(name: str) -> str | dict[str, Any]:
    values = {
        "deep lists": "a = " + "[" * 50_000, "deep tables": "[" + "a." * 50_000 + "a]\n", "deep inline": "a = " + "{a=" * 50_000,
        "dotted": "a" + ".a" * 50_000 + " = 1\n", "many keys": "".join(f"k{number} = 1\n" for number in range(100_000)),
        "long key": "k" * 5_000_000 + " = 1\n", "long string": 'name = "' + "x" * 5_000_000 + '"\n', "large number": "name = " + "9" * 5000 + "\n",
        "not UTF-8": "name = '\ud800'", "nothing": "", "NUL": "\0", "evil glob": '[[ignore]]\npaths = ["' + "**/*a" * 40 + '"]\nrules = ["TXT202"]\nreason = "x"\n',
        "evil rule": '[validate]\nignore = ["' + "a" * 100_000 + '"]\n',
    }  # fmt: skip
    return values[name]


@pytest.mark.parametrize("file", ["corpus.toml", "inventory.toml"])
@pytest.mark.parametrize("name", [
    "deep lists", "deep tables", "deep inline", "dotted", "many keys", "long key", "long string", "large number", "not UTF-8", "nothing", "NUL",
    "evil glob", "evil rule",
])  # fmt: skip
def test_settings_end_with_a_word(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).write_bytes(str(with_bombs(name)).encode(errors="surrogatepass"))
    article = tmp_path / ("a" * 200 + ".json")
    article.write_text(json.dumps({**ARTICLE, "text": "Rain\u200b\u200b"}))
    option = "--config" if file == "corpus.toml" else "--inventory"
    ran = run("validate", article, option, tmp_path / file, "--severity", "info", "--ignore", "COL")
    assert ran.code in (0, 1, 2)
    assert len(ran.err) < 2000
    assert ran.code < 2 or str(tmp_path / file) in ran.err or "no rule" in ran.err


def articles(*values: Any) -> Any:
    data = b"".join(json.dumps(value).encode() + b"\n" for value in values)
    return CHECKER(Block(0, (Chunk("a.jsonl", data=data, size=len(data)),)))


def test_a_million_unknown_properties() -> None:
    report = articles({**ARTICLE, **{f"p{number}": 1 for number in range(1_000_000)}}, ARTICLE)
    assert {finding.location.line for finding in report.findings} == {1}
    assert "not every place" in report.findings[0].message
    assert len(report.findings) <= portions.MOST_BREACHES + 1


@pytest.mark.parametrize("number", [100_000, 3_000_000])
def test_a_list_of_nothing_but_errors(number: int) -> None:
    report = articles({**ARTICLE, "entities": [1] * number}, ARTICLE)
    assert {finding.code for finding in report.findings} == {"SCH101"}
    assert {finding.location.line for finding in report.findings} == {1}
    assert 1 <= len(report.findings) <= portions.MOST_BREACHES + 1
    assert report.summary.by_code["SCH101"] >= 1


def test_the_one_error_at_the_end_of_a_very_long_list_is_found_there() -> None:
    token = {"id": "t", "spans": [{"start": 0, "end": 4, "text": "Rain"}]}
    number = portions.MOST_VALUES // 8
    value = {**ARTICLE, "tokens": [*([token] * number), {**token, "spans": [], "wrong": None}, token]}
    found = Verdict(CHECKER.contract).breaches(value)
    assert [(breach.code, breach.path) for breach in found] == [
        ("SCH101", ("tokens", number, "spans")), ("SCH103", ("tokens", number, "wrong")),
    ]  # fmt: skip


def test_keys_that_collide() -> None:
    """Numbers hash to themselves, and strings by a secret: neither keys nor offsets can be made to meet."""
    keys = {str(number * (2**61 - 1)): number for number in range(100_000)}
    assert articles({**ARTICLE, **keys}).summary.by_code["SCH103"] > 0


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".jsonl.gz", ".json.gz", ".jsonl.zst", "stdin"])
def test_what_is_too_long_never_reaches_the_parser(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def counted(data: bytes) -> Any:
        seen.append(len(data))
        return real(data)

    real = decoding.decode
    monkeypatch.setattr(decoding, "decode", counted)
    data = (
        b"[" * (MAX_BYTES + 1)
        + b"\n"
        + (b"" if suffix.startswith(".json.") or suffix == ".json" else b'{"id":"b","text":"Fog"}\n')
    )
    path = tmp_path / f"a{suffix if suffix != 'stdin' else '.txt'}"
    if suffix != "stdin":
        packed: Any = (
            gzip.compress(data, 1)
            if suffix.endswith(".gz")
            else pa.compress(data, "zstd", asbytes=True)
            if suffix.endswith(".zst")
            else data
        )
        path.write_bytes(packed)
    ran = run(
        "validate",
        "-" if suffix == "stdin" else path,
        "--format",
        "json",
        "-j",
        "1",
        stdin=data if suffix == "stdin" else b"",
    )
    assert [
        (finding["code"], finding["line"]) for finding in ran.json["findings"] if finding["severity"] == "error"
    ] == [("IO013", 1)]
    assert max(seen, default=0) < 100


def limited(*arguments: str | Path, megabytes: int) -> tuple[Ran, int]:
    """The program in a process of its own, and the most memory it held (in MB)."""
    # Not ru_maxrss: that begins with what the process held that started this one.
    code = (
        "import re, runpy, sys, atexit\n"
        "most = lambda: re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]\n"
        "atexit.register(lambda: print(most(), file=sys.stderr))\n"
        "sys.argv[0] = 'corpus-tool'\nrunpy.run_module('corpus_tool', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, check=False, timeout=120
    )
    *err, held = done.stderr.decode().rstrip().split("\n")
    assert "Traceback" not in done.stderr.decode(), done.stderr
    assert int(held) < megabytes * 1024, f"{int(held) // 1024} MB"
    return Ran(done.returncode, done.stdout.decode(), "\n".join(err)), int(held) // 1024


BOMBS: dict[str, Callable[[], Iterator[bytes]]] = {
    "one line": lambda: iter([b"[" * 2**20] * 150),
    "blank lines": lambda: iter([b"\n" * 2**20] * 30),
    "zero bytes": lambda: iter([b"\0" * 2**20] * 150),
}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_what_unpacks_to_much_is_not_held(tmp_path: Path, bomb: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with pa.output_stream(path, compression="gzip" if suffix.endswith("gz") else "zstd") as stream:
        stream.write(b'{"id":"a","text":"Rain"}\n')
        for piece in BOMBS[bomb]():
            stream.write(piece)
    assert path.stat().st_size < 2**20
    ran, _ = limited("validate", path, "--format", "json", "-j", "1", megabytes=600)
    codes = {finding["code"] for finding in ran.json["findings"]}
    assert codes & {"IO006", "IO013", "IO002"}
    assert len(ran.json["findings"]) < 1000
