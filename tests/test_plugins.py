from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from corpus_tool.plugins import SWITCH
from tests.program import lines

TOP = Path(__file__).parent.parent
ARTICLE = {
    "id": "a",
    "text": "Rain fell.",
    "entities": [{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 4, "text": "Rain"}]}],
}
HEAD = "import polars as pl\nfrom corpus_tool.rules import ANNOTATIONS, CORPUS, TABLES, Bad, Hit, Remark, rule\n"
GOOD = (
    HEAD
    + '''
CREW = {"id": "T9", "spans": [{"start": 69, "end": 73, "text": "crew"}], "prov": "A1"}


@rule("ORG101", on=ANNOTATIONS, message="the label {label} is no longer used", point="label", bad=[
    Bad(put={"/entities/-": {**CREW, "type": "CUE"}}, at="/entities/5/type"),
], good=[{"/entities/-": {**CREW, "type": "LOC"}}])
def label_is_in_use(contract):
    """No annotation has a label that the organisation has given up.

    Use one of the others.
    """
    kept = pl.col("id").eq_missing("T4")
    return kept | pl.col("label").is_in(["CUE", "X"]).fill_null(False).not_()


@rule("ORG102", on=TABLES, message="too many", since="2.5")
def articles_are_few(tables, contract):
    """A block has no more than a thousand articles; split the file."""
    if tables.articles.height > 1000:
        yield Hit("articles", tables.articles.row(0, named=True))


@rule("ORG103", on=CORPUS, message="{detail}", point="id")
def corpus_is_small(index, contract):
    """A corpus has no more than one article named b; rename the others."""
    for entry in index.entries:
        if entry.id == "b":
            yield Remark(entry, "one too many")
'''
)


def install(
    site: Path, name: str = "Org.Rules", module: str = "org_rules", source: str = GOOD, version: str = "3.1"
) -> Path:
    """A distribution built and unpacked as an installer does it, with its entry point."""
    folder = site.parent / f"source-{module}"
    folder.mkdir()
    (folder / f"{module}.py").write_text(source)
    (folder / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        f'[project]\nname = "{name}"\nversion = "{version}"\n'
        f'[project.entry-points."corpus_tool.rules"]\n{module} = "{module}"\n'
        f'[tool.hatch.build.targets.wheel]\ninclude = ["{module}.py"]\n'
    )
    (wheel,) = WheelBuilder(str(folder)).build(directory=str(folder), versions=["standard"])
    zipfile.ZipFile(wheel).extractall(site)
    return site


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def run(
    site: Path, *arguments: str | Path, cwd: Path | None = None, switch: str = ""
) -> subprocess.CompletedProcess[str]:
    """A process of its own, where the folder is on the path as an installation's is."""
    (site.parent / "a.jsonl").write_bytes(lines(ARTICLE))
    environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{TOP}", SWITCH: switch}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd or site.parent,
    )
    assert "Traceback" not in done.stderr or "-c" in arguments, done.stderr
    return done


def validate(site: Path, *more: str | Path, **options: str) -> subprocess.CompletedProcess[str]:
    return run(site, "-m", "corpus_tool", "validate", "a.jsonl", "--format", "json", *more, **options)


def found(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    return [(finding["code"], finding["pointer"]) for finding in json.loads(done.stdout)["findings"]]


class TestInstalled:
    def test_takes_part(self, site: Path) -> None:
        install(site)
        done = validate(site)
        assert done.returncode == 1
        assert found(done) == [("ORG101", "/entities/0/type")]
        assert json.loads(done.stdout)["findings"][0]["message"] == "the label X is no longer used"
        assert found(validate(site, "--ignore", "ORG")) == []
        chosen = validate(site, "--select", "label-is-in-use", "--target-version", "0.1")
        assert found(chosen) == [("ORG101", "/entities/0/type")]

    def test_in_worker_processes(self, site: Path) -> None:
        install(site)
        many = [{**ARTICLE, "id": f"a{n}", "text": f"Rain fell.{'x' * 2_000_000}{n}"} for n in range(6)]
        (site.parent / "many.jsonl").write_bytes(lines(*many))
        done = run(
            site, "-m", "corpus_tool", "validate", "many.jsonl", "--select", "ORG", "--jobs", "2", "--format", "json"
        )
        assert found(done) == [("ORG101", "/entities/0/type")] * 6

    def test_is_listed_with_what_it_comes_from(self, site: Path) -> None:
        install(site)
        listed = json.loads(run(site, "-m", "corpus_tool", "rules", "--format", "json").stdout)
        ours = [(rule["code"], rule["since"], rule["origin"]) for rule in listed if rule["code"].startswith("ORG")]
        assert ours == [
            ("ORG101", "3.1", "Org.Rules 3.1"),
            ("ORG102", "2.5", "Org.Rules 3.1"),
            ("ORG103", "3.1", "Org.Rules 3.1"),
        ]
        page = run(site, "-m", "corpus_tool", "rules", "ORG102").stdout
        assert "since 2.5 of Org.Rules 3.1" in page

    @pytest.mark.parametrize(
        ("switch", "runs"),
        [("", True), ("all", True), ("none", False), ("org-rules", True), ("other, ORG_RULES", True), ("other", False)],
    )
    def test_the_installation_decides(self, site: Path, switch: str, runs: bool) -> None:
        install(site)
        code = "from corpus_tool.plugins import enabled; print([plugin.origin for plugin in enabled()])"
        assert run(site, "-c", code, switch=switch).stdout == f"{['Org.Rules 3.1'] if runs else []}\n"

    def test_switched_off(self, site: Path) -> None:
        install(site)
        assert found(validate(site, switch="none")) == []

    def test_not_from_the_working_directory(self, tmp_path: Path) -> None:
        corpus = install(tmp_path / "corpus", source="raise SystemExit('I ran')")
        (tmp_path / "site").mkdir()
        (corpus / "a.jsonl").write_bytes(lines(ARTICLE))
        done = validate(tmp_path / "site", cwd=corpus)  # type: ignore[arg-type]
        assert (done.returncode, found(done)) == (0, [])

    def test_two_that_agree(self, site: Path) -> None:
        install(site)
        install(site, "other", "other_rules", GOOD.replace("ORG", "OTH").replace("def ", "def other_"))
        assert found(validate(site)) == [("ORG101", "/entities/0/type"), ("OTH101", "/entities/0/type")]


BROKEN = (
    HEAD
    + '''
@rule("ORG109", on={on}, message="{message}")
def breaks(*about):
    """It breaks; mend it."""
    {body}
'''
)


def breaking(on: str, body: str, message: str = "m") -> str:
    return BROKEN.format(on=on, body=body, message=message)


AGAIN = """
import json, sys
from corpus_tool import plugins, rules
from corpus_tool.errors import CorpusError
from corpus_tool.testing import example_article, findings
for source in json.load(sys.stdin):
    for code in [code for code, rule in rules._registry.items() if not plugins.is_built_in(rule)]:
        del rules._registry[code]
    rules.all_rules.cache_clear()
    plugins._loaded.clear()
    sys.modules.pop("org_rules", None)
    open(sys.argv[1], "w").write(source)
    try:
        findings(example_article())
        print("nothing went wrong")
    except CorpusError as error:
        print(str(error).replace("\\n", " / "))
"""
LOADED = {
    "import": ("import nothing_of_that_name", "cannot be loaded: ModuleNotFoundError: No module named"),
    "error": ("1 / 0", "cannot be loaded: ZeroDivisionError"),
    "exit": ("raise SystemExit(7)", "cannot be loaded: SystemExit: 7"),
    "syntax": ("def", "cannot be loaded: SyntaxError"),
    "taken": (GOOD.replace("ORG101", "SPN301"), "ValueError: SPN301 is taken by"),
    "family": (GOOD.replace("ORG101", "SPN399"), "has a rule SPN399: SPN is a family of corpus-tool's own"),
    "short": (GOOD.replace("ORG101", "ORG1"), "has a rule 'ORG1': a code is three capitals and three digits"),
    "small": (GOOD.replace("ORG101", "org101"), "has a rule 'org101': a code is three capitals and three digits"),
}
RUN = {
    "check": (breaking("ANNOTATIONS", "1 / 0"), "ZeroDivisionError: division by zero"),
    "column": (breaking("ANNOTATIONS", "return pl.col('nothing') == 1"), "ColumnNotFoundError"),
    "kind": (breaking("ANNOTATIONS", "return pl.col('label') + 1"), "Error"),
    "no expression": (breaking("ANNOTATIONS", "return 'x'"), "TypeError"),
    "message": (breaking("ANNOTATIONS", "return pl.col('id').is_null()", "{nothing}"), "KeyError: 'nothing'"),
    "tables": (breaking("TABLES", "yield 1 / 0"), "ZeroDivisionError"),
    "exit": (breaking("TABLES", "raise SystemExit(0)"), "SystemExit: 0"),
    "corpus": (breaking("CORPUS", "raise RuntimeError(chr(10).join('ab'))"), "RuntimeError: a"),
    "none": (breaking("CORPUS", "return None"), "TypeError"),
}


class TestWhatGoesWrong:
    def said(self, site: Path, *sources: str) -> list[str]:
        install(site)
        arguments = [sys.executable, "-B", "-c", AGAIN, str(site / "org_rules.py")]
        environment = {**os.environ, "PYTHONPATH": f"{site}{os.pathsep}{TOP}", SWITCH: ""}
        done = subprocess.run(
            arguments, check=True, input=json.dumps(sources), capture_output=True, text=True, env=environment
        )
        return done.stdout.split("\n")[:-1]

    def test_while_it_is_loaded(self, site: Path) -> None:
        said = self.said(site, *(source for source, _ in LOADED.values()))
        for name, line in zip(LOADED, said, strict=True):
            assert line.startswith("the plug-in Org.Rules 3.1 "), name
            assert LOADED[name][1] in line, name

    def test_while_it_runs(self, site: Path) -> None:
        said = self.said(site, *(source for source, _ in RUN.values()))
        for name, line in zip(RUN, said, strict=True):
            assert line.startswith("the rule ORG109 (breaks) of Org.Rules 3.1 failed: "), name
            assert RUN[name][1] in line, name
            assert " / " not in line, name

    @pytest.mark.parametrize("source", [LOADED["error"][0], RUN["check"][0]], ids=["loaded", "run"])
    def test_ends_the_command_without_a_traceback(self, site: Path, source: str) -> None:
        install(site, source=source)
        done = validate(site)
        assert done.returncode == 3
        assert "Org.Rules 3.1" in done.stderr

    def test_two_that_take_the_same_code(self, site: Path) -> None:
        install(site)
        install(site, "zz-other", "other_rules", GOOD)
        done = validate(site)
        assert done.returncode == 3
        assert "zz-other 3.1" in done.stderr
        assert "ORG101 is taken by" in done.stderr


KIT = """
import json, sys
from corpus_tool import rules
from corpus_tool.testing import check_rule
for source in json.load(sys.stdin):
    for code in [code for code in rules.all_rules() if code.startswith("ORG")]:
        del rules._registry[code]
    exec(source, {"__name__": "org_rules"})
    try:
        check_rule("ORG101")
        print("as it should be")
    except AssertionError as error:
        print(error)
"""
LACKING = {
    "not at '/entities/0/type'": ('at="/entities/5/type"', 'at="/entities/0/type"'),
    "['SPN304'] are found as well": ('"end": 73, "text": "crew"', '"end": 73, "text": "Crew"'),
    "found at []": ('"type": "CUE"', '"type": "LOC"'),
    "good example 0: ORG101 at /entities/5/type": ('"type": "LOC"', '"type": "CUE"'),
    "no docstring": ("No annotation has a label that the organisation has given up.\n\n    Use one of the others.\n    ", "Bad."),
    "no bad example": ('    Bad(put={"/entities/-": {**CREW, "type": "CUE"}}, at="/entities/5/type"),\n', ""),
    "is found in the example article": ('eq_missing("T4")', 'eq_missing("T0")'),
    "as it should be": ("", ""),
}  # fmt: skip


class TestKit:
    def test_says_what_a_rule_lacks(self, tmp_path: Path) -> None:
        assert [old for old, _ in LACKING.values() if old not in GOOD] == []
        sources = [GOOD.replace(old, new) if old else GOOD for old, new in LACKING.values()]
        done = subprocess.run(
            [sys.executable, "-c", KIT], check=True, input=json.dumps(sources), capture_output=True, text=True
        )
        said = done.stdout.split("\n")[:-1]
        assert [(says, line) for says, line in zip(LACKING, said, strict=True) if says not in line] == []

    def test_of_what_is_installed(self, site: Path) -> None:
        install(site)
        assert run(site, "-c", "from corpus_tool.testing import check_rule\ncheck_rule('label-is-in-use')").stderr == ""

    def test_findings(self, site: Path) -> None:
        install(site)
        code = (
            "from corpus_tool.testing import *\n"
            "for finding in findings(example_article(), edited({'/id': 'b'}), codes=['ORG101', 'ORG103']):\n"
            "    print(finding.code, finding.location.line, finding.location.pointer)"
        )
        assert run(site, "-c", code).stdout == "ORG103 2 /id\n"


def test_the_example_of_the_page(site: Path) -> None:
    page = (TOP / "docs" / "team-rules.md").read_text(encoding="utf-8")
    source, tests = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    install(site, source=source)
    done = run(site, "-c", f"{tests}\ntest_org201()\ntest_another_article()\nprint('done')")
    assert (done.stdout, done.stderr) == ("done\n", "")
