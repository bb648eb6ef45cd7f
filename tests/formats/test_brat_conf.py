from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.contradictions import contradictions
from corpus_tool.errors import SettingsError
from corpus_tool.formats.brat import IMPORTER
from corpus_tool.formats.brat.conf import dumps, parse
from corpus_tool.formats.brat.conf_losses import losses
from corpus_tool.formats.inventories import merge
from corpus_tool.inventory import Argument, Attribute, Axis, Inventory, Label, Overlap
from tests.corpora import corpora, seed

FULL = """\
# a comment
[entities]
!Living
\tPerson|SKOS:1|human
\t\tSailor
\tAnimal
-----
Ship

[relations]
<BEING>=Person|Animal
Owns\tArg1:<BEING>, Arg2:Ship
Sibling  Arg1:Person, Arg2:Person, <REL-TYPE>:symmetric
Alias  Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive
<OVERLAP> Arg1:Ship, Arg2:Person|Animal, <OVL-TYPE>:contain|equal
<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]
!Trade
\tSale\tSeller:<ENTITY>, Buyer+:Person|<EVENT>, Thing*:Ship, Place?:<ANY>, Pair{2}:Person, Few{1-3}:Person
Ship\tCargo:<ANY>

[attributes]
Negation\tArg:<EVENT>
Size\tArg:Ship|<EVENT>, Value:big|small, DEFAULT:small
"""


def full() -> Inventory:
    return parse(FULL, "annotation.conf")


def test_entities_with_their_hierarchy() -> None:
    assert [(label.name, label.parent, label.abstract) for label in full().of("entity")] == [
        ("Living", None, True),
        ("Person", "Living", False),
        ("Sailor", "Person", False),
        ("Animal", "Living", False),
        ("Ship", None, False),
        ("Sale", None, False),
    ]
    person = full().label("entity", "Person")
    assert person is not None
    assert person.description == "SKOS:1|human"


def test_event_names_and_every_entity_may_be_triggers() -> None:
    assert all(label.trigger for label in full().of("entity"))
    assert [label.name for label in full().of("event")] == ["Trade", "Sale", "Ship"]
    assert not any(label.trigger for label in parse("[entities]\nPER\n", "c").of("entity"))


@pytest.mark.parametrize(
    ("role", "argument"),
    [
        ("Seller", Argument("Seller", kinds=("entity",), min=1, max=1)),
        ("Buyer", Argument("Buyer", ("Person",), ("event",), 1, None)),
        ("Thing", Argument("Thing", ("Ship",), (), 0, None)),
        ("Place", Argument("Place", (), (), 0, 1)),
        ("Pair", Argument("Pair", ("Person",), (), 2, 2)),
        ("Few", Argument("Few", ("Person",), (), 1, 3)),
    ],
)
def test_roles_and_how_often_they_are_filled(role: str, argument: Argument) -> None:
    sale = full().label("event", "Sale")
    assert sale is not None
    assert next(each for each in sale.arguments if each.role == role) == argument


def test_relations_with_macros_and_properties() -> None:
    person, ship = Argument("Arg1", ("Person",), max=1), Argument("Arg2", ("Ship",), max=1)
    any_entity = tuple(Argument(role, kinds=("entity",), max=1) for role in ("Arg1", "Arg2"))
    assert full().of("relation") == (
        Label("Owns", arguments=(replace(person, types=("Person", "Animal")), ship)),
        Label("Sibling", arguments=(person, replace(person, role="Arg2")), symmetric=True),
        Label("Alias", arguments=any_entity, symmetric=True, transitive=True),
    )


def test_overlaps_are_licences_and_no_relations() -> None:
    assert full().overlaps == (
        Overlap(("nested", "equal"), ("Ship",), ("Person", "Animal")),
        Overlap(("equal", "nested", "crossing")),
    )
    assert parse("[relations]\nR Arg1:<ANY>, Arg2:<ANY>\n", "c").overlaps is None
    old = parse("[entities]\nA\nB\n[relations]\nENTITY-NESTING Arg1:A, Arg2:B\n", "c")
    assert (old.overlaps, old.of("relation")) == ((Overlap(("nested",), ("A",), ("B",)),), ())


def test_attributes() -> None:
    assert full().attributes == (
        Attribute("Negation", kinds=("event",)),
        Attribute("Size", types=("Ship",), kinds=("event",), values=("big", "small"), default="small"),
    )


def test_identity_is_always_a_type_of_chain() -> None:
    assert [label.name for label in full().of("coreference")] == ["identity", "Alias"]
    assert parse("", "c") == Inventory(labels={"coreference": (Label("identity"),)})


def test_lines_of_one_name_are_united() -> None:
    made = parse(
        "[entities]\nA\nB\n[relations]\nEquiv Arg1:A, Arg2:A\nEquiv Arg1:B, Arg2:B\n"
        "Cause From:A, To:B\nCause From:B, To:A, By:A\n[attributes]\nX Arg:A, Value:1|2\nX Arg:B, Value:2|3\n",
        "c",
    )
    assert made.of("relation") == (
        Label(
            "Cause",
            arguments=(
                Argument("From", ("A", "B"), max=1),
                Argument("To", ("B", "A"), max=1),
                Argument("By", ("A",), min=0, max=1),
            ),
        ),
    )
    both = ("A", "B")
    identity = Label(
        "identity",
        arguments=(Argument("Arg1", both, max=1), Argument("Arg2", both, max=1)),
        symmetric=True,
        transitive=True,
    )
    assert made.of("coreference") == (identity,)
    assert made.attributes == (Attribute("X", types=both, values=("1", "2", "3")),)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("[spans]\nA\nB\n", ("A", "B"), id="old-section"),
        pytest.param("\ufeff[entities]\r\nA\r\n", ("A",), id="bom-and-crlf"),
        pytest.param("[entities]\nA\n    B\n    C\nD\n", ("A", "B", "C", "D"), id="indented-by-spaces"),
        pytest.param("[entities]\nA\n[drawing]\nB bgColor:red\n", ("A",), id="section-of-another-file"),
        pytest.param("[entities]\nA <NORM>:Wikidata, <URL>:http://x/%s\n", ("A",), id="look-up"),
        pytest.param("[entities]\nShip|sailing ship\tPart:<ANY>, X:a b\n", ("Ship",), id="space-in-second-term"),
        pytest.param("[entities]\n<X>=A\n<Y>=<X>|B\nC P:<ANY>\n<Y>\n", ("C", "A"), id="macro-of-macro"),
    ],
)
def test_spellings(text: str, names: tuple[str, ...]) -> None:
    assert parse(text.replace("X:a b", "X:<ANY>"), "c").names("entity") == names


def test_inherit_takes_the_arguments_of_the_parent() -> None:
    made = parse("[entities]\nP\n[events]\nA\tWho:P\n\tB\t<INHERIT>, What?:<ANY>\n", "c").label("event", "B")
    assert made is not None
    assert [argument.role for argument in made.arguments] == ["Who", "What"]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param("A\n", 1, "before the first section", id="no-section"),
        pytest.param("[entites]\nA\n", 1, "entites", id="misspelt-section"),
        pytest.param("[entities]\n\n\tA\n", 3, "nothing stands above", id="indented-first"),
        pytest.param("[entities]\n!\n", 2, "without a name", id="no-name"),
        pytest.param("[relations]\nR Arg1:Nobody, Arg2:<ANY>\n", 2, "Nobody", id="unknown-type"),
        pytest.param("[relations]\nR Arg1:<POG>, Arg2:<ANY>\n", 2, "<POG>", id="unknown-macro"),
        pytest.param("[events]\n<P>=<ANY>\n[relations]\nR A:<P>\n", 4, "<P>", id="macro-of-another-section"),
        pytest.param("[entities]\n<ENTITY>=A\n", 2, "reserved", id="reserved-macro"),
        pytest.param("[relations]\nR Arg1\n", 2, "KEY:VALUE", id="no-colon"),
        pytest.param("[relations]\nR A:<ANY>, A:<ANY>\n", 2, "twice", id="role-twice"),
        pytest.param("[events]\nE A{0}:<ANY>\n", 2, "A{0}", id="none-of-it"),
        pytest.param("[events]\nE A{3-2}:<ANY>\n", 2, "A{3-2}", id="range-reversed"),
        pytest.param("[events]\nE A{x}:<ANY>\n", 2, "A{x}", id="range-of-letters"),
        pytest.param("[entities]\nA\n[relations]\nR X:A||A\n", 4, "''", id="empty-type"),
        pytest.param("[relations]\n<OVERLAP> Arg1:<ANY>, Arg2:<ANY>\n", 2, "OVL-TYPE", id="overlap-without-how"),
        pytest.param("[relations]\n<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:near\n", 2, "near", id="overlap-how"),
        pytest.param("[attributes]\nX Value:1|2\n", 2, "Arg:", id="attribute-on-nothing"),
        pytest.param("[attributes]\nX Arg:<ANY>, Value:1||2\n", 2, "empty value", id="empty-value"),
        pytest.param("[attributes]\nX Arg:<ANY>, Value:1, DEFAULT:2\n", 2, "default", id="default"),
        pytest.param(
            "[entities]\n<A>=" + "x" * 1000 + "\n<B>=" + "<A>" * 500 + "\n<C>=" + "<B>" * 500 + "\n",
            4,
            "macros",
            id="bomb",
        ),
        pytest.param("[entities]\n<A>=<B>\n<B>=<A><A>\n<A>\n", 4, "macro", id="macro-of-itself"),
    ],
)
def test_a_mistake_has_its_line(text: str, line: int, part: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(text, "conf/annotation.conf")
    assert caught.value.place == f"conf/annotation.conf:{line}"
    assert part in caught.value.message


def test_written_and_read_again() -> None:
    assert parse(dumps(full()), "c") == full()
    assert losses(full()) == ()
    assert list(contradictions(full())) == []


@pytest.mark.parametrize(
    ("inventory", "what"),
    [
        pytest.param(Inventory(name="harbour"), {"inventory: name"}, id="name"),
        pytest.param(
            Inventory(labels={"entity": (Label("A", description="a long word", deprecated=True, tag=True),)}),
            {f"inventory: entity labels: {part}" for part in ("description", "deprecated", "tag")},
            id="fields",
        ),
        pytest.param(
            Inventory(labels={"entity": (Label("A B"),)}), {"inventory: entity labels"}, id="name-with-a-space"
        ),
        pytest.param(
            Inventory(labels={"entity": (Label("A", parent="B"), Label("B"))}),
            {"inventory: entity labels: order"},
            id="child-before-parent",
        ),
        pytest.param(
            Inventory(labels={"entity": (Label("A"),), "event": (Label("E", triggers=("A",)),)}),
            {
                "inventory: entity labels: trigger",
                "inventory: entity labels: brat allows more",
                "inventory: event labels: triggers",
            },
            id="limited-triggers",
        ),
        pytest.param(
            Inventory(labels={"quotation": (Label("direct"),)}), {"inventory: quotation labels"}, id="other-kind"
        ),
        pytest.param(
            Inventory(labels={"coreference": (Label("cluster"),)}), {"inventory: coreference labels"}, id="chains"
        ),
        pytest.param(
            Inventory(labels={"relation": (Label("ENTITY-NESTING"), Label("Equiv"))}),
            {"inventory: relation labels"},
            id="reserved-relations",
        ),
        pytest.param(
            Inventory(labels={"event": (Label("E", arguments=(Argument("A:b?", min=2),)),)}),
            {"inventory: event labels: arguments", "inventory: entity labels: brat allows more"},
            id="roles",
        ),
        pytest.param(
            Inventory(attributes=(Attribute("X", kinds=("quotation",)), Attribute("Y", open=True, values=("a|b",)))),
            {"inventory: attributes", "inventory: attributes: open", "inventory: attributes: values"},
            id="attributes",
        ),
        pytest.param(
            Inventory(axes=(Axis("subject", ("a",)),), overlaps=()),
            {"inventory: axes of document labels", "inventory: licences to overlap"},
            id="axes-and-no-overlap",
        ),
    ],
)
def test_what_brat_cannot_say_is_a_loss(inventory: Inventory, what: set[str]) -> None:
    assert {loss.what for loss in losses(inventory)} == what


NAMES = st.text(st.sampled_from("ABab_-é!|,<>[]# :?*+{}=\u2028"), min_size=1, max_size=5)
ARGUMENTS = st.builds(
    Argument,
    role=NAMES,
    types=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(["entity", "event", "quotation"]), max_size=2, unique=True).map(tuple),
    min=st.integers(0, 3),
    max=st.none() | st.integers(3, 4),
)
LABELS = st.builds(
    Label,
    name=NAMES,
    description=st.none() | NAMES,
    parent=st.none() | NAMES,
    abstract=st.booleans(),
    trigger=st.booleans(),
    arguments=st.lists(ARGUMENTS, max_size=2, unique_by=lambda each: each.role).map(tuple),
    symmetric=st.booleans(),
    transitive=st.booleans(),
)
INVENTORIES = st.builds(
    Inventory,
    labels=st.dictionaries(
        st.sampled_from(["entity", "relation", "event", "coreference"]),
        st.lists(LABELS, max_size=4, unique_by=lambda each: each.name).map(tuple),
    ),
    attributes=st.lists(
        st.builds(
            Attribute,
            name=NAMES,
            types=st.lists(NAMES, max_size=2).map(tuple),
            values=st.none() | st.lists(NAMES, max_size=3, unique=True).map(tuple),
            default=st.none() | NAMES,
        ),
        max_size=2,
        unique_by=lambda each: each.name,
    ).map(tuple),
    overlaps=st.none()
    | st.lists(
        st.builds(
            Overlap,
            how=st.lists(st.sampled_from(["equal", "nested", "crossing"]), min_size=1, unique=True).map(tuple),
            inner=st.lists(NAMES, max_size=1).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=200, deadline=None, database=None)
@given(INVENTORIES)
def test_whatever_is_written_can_be_read_and_nothing_is_lost_unsaid(inventory: Inventory) -> None:
    back = parse(dumps(inventory), "c")
    said = losses(inventory)
    assert parse(dumps(back), "c") == back
    assert losses(back) == ()
    if not said:
        chains = inventory.of("coreference") or (Label("identity"),)
        assert back.labels == {**inventory.labels, "coreference": chains}
        assert (back.attributes, back.overlaps) == (inventory.attributes, inventory.overlaps)


@settings(max_examples=200, deadline=None, database=None)
@given(st.text(st.sampled_from("[]entisrlao \t\n<>!|,:-=#AN?*{}1\u2028\r"), max_size=60))
def test_any_text_is_an_inventory_or_a_settings_error(text: str) -> None:
    mistake, made = outcome("[entities]\n" + text)
    if made is None:
        assert mistake.startswith("c:")
    else:
        assert losses(made) or parse(dumps(made), "c") == made


def outcome(text: str) -> tuple[str, Inventory | None]:
    """The place of a mistake, or the inventory."""
    try:
        return "", parse(text, "c")
    except SettingsError as error:
        return error.place or "", None


class TestFinding:
    def test_the_nearest_one_counts(self, tmp_path: Path) -> None:
        near = tmp_path / "a" / "b"
        near.mkdir(parents=True)
        (tmp_path / "annotation.conf").write_text("[entities]\nTOP\n")
        (tmp_path / "a" / "annotation.conf").write_text("[entities]\nNEAR\n")
        (near / "x.ann").touch()
        made = IMPORTER.inventory([near / "x.ann"])
        assert made is not None
        assert made.names("entity") == ("NEAR",)

    def test_it_is_looked_for_three_folders_up_and_no_further(self, tmp_path: Path) -> None:
        deep = tmp_path / "1" / "2" / "3" / "4"
        deep.mkdir(parents=True)
        (tmp_path / "1" / "annotation.conf").write_text("[entities]\nA\n")
        assert IMPORTER.inventory([deep / "x.ann"]) is not None
        (tmp_path / "1" / "annotation.conf").rename(tmp_path / "annotation.conf")
        assert IMPORTER.inventory([deep / "x.ann"]) is None

    def test_a_folder_has_its_own_and_those_below(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "annotation.conf").write_text(f"[entities]\n{name}\nboth\n")
        made = IMPORTER.inventory([tmp_path])
        assert made is not None
        assert made.names("entity") == ("a", "both", "b")

    def test_a_relative_path_is_named_as_it_was_given(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path("annotation.conf").write_text("[entities]\nA\n[x]\n")
        with pytest.raises(SettingsError) as caught:
            IMPORTER.inventory([Path("x.ann")])
        assert caught.value.place == "annotation.conf:3"

    def test_one_that_is_not_utf8(self, tmp_path: Path) -> None:
        (tmp_path / "annotation.conf").write_bytes(b"[entities]\nA\xff\n")
        with pytest.raises(SettingsError) as caught:
            IMPORTER.inventory([tmp_path / "x.ann"])
        assert caught.value.place == f"{tmp_path / 'annotation.conf'}:2"


def test_merged_inventories_allow_what_either_allows() -> None:
    one = parse("[entities]\nA\n[relations]\n<OVERLAP> Arg1:A, Arg2:A, <OVL-TYPE>:equal\n", "c")
    two = parse("[entities]\nB\n\tA\n[attributes]\nX Arg:A\n", "c")
    made = merge([one, two])
    assert made.names("entity") == ("A", "B")
    assert made.overlaps is None
    assert merge([one, one]) == one
    assert list(contradictions(made)) == []


class TestReal:
    @pytest.mark.parametrize("corpus", ["seed", "brat-tutorials"])
    def test_comes_back(self, corpus: str) -> None:
        folder = seed() if corpus == "seed" else corpora(corpus)
        paths = sorted(folder.rglob("annotation.conf"))
        assert paths
        for path in paths:
            made = parse(path.read_text(encoding="utf-8"), str(path))
            assert parse(dumps(made), "c") == made
            assert losses(made) == ()
            assert list(contradictions(made)) == []

    def test_seed(self) -> None:
        made = IMPORTER.inventory([seed()])
        assert made is not None
        sizes = {kind: len(labels) for kind, labels in made.labels.items()}
        assert sizes == {"entity": 26, "relation": 6, "event": 8, "coreference": 1}
        assert len(made.attributes) == 5
        assert made.overlaps == (Overlap(("equal", "nested", "crossing")),)
