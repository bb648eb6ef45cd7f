"""The types of DKPro Core that annotation tools write, for files that come without a type system, and for our own."""

from __future__ import annotations

from corpus_tool.formats.cas.types import FS_ARRAY, STRING, Feature, Type

_API = "de.tudarmstadt.ukp.dkpro.core.api."
_SEGMENTATION = f"{_API}segmentation.type."
TOKEN = f"{_SEGMENTATION}Token"
TOKEN_FORM = f"{_SEGMENTATION}TokenForm"
SENTENCE = f"{_SEGMENTATION}Sentence"
LEMMA = f"{_SEGMENTATION}Lemma"
STEM = f"{_SEGMENTATION}Stem"
DIV = f"{_SEGMENTATION}Div"
POS = f"{_API}lexmorph.type.pos.POS"
MORPH = f"{_API}lexmorph.type.morph.MorphologicalFeatures"
DEPENDENCY = f"{_API}syntax.type.dependency.Dependency"
NAMED_ENTITY = f"{_API}ner.type.NamedEntity"
LINK = f"{_API}coref.type.CoreferenceLink"
CHAIN = f"{_API}coref.type.CoreferenceChain"
METADATA = f"{_API}metadata.type.DocumentMetaData"
METADATA_FIELD = f"{_API}metadata.type.MetaDataStringField"
TAGSET = f"{_API}metadata.type.TagsetDescription"
TAG = f"{_API}metadata.type.TagDescription"
_PRED = f"{_API}semantics.type.SemPred"
_ARG = f"{_API}semantics.type.SemArg"
_ARG_LINK = f"{_API}semantics.type.SemArgLink"
_ANNOTATION = "uima.tcas.Annotation"
_MORPHOLOGY = (
    "gender number case degree verbForm tense mood voice definiteness value person aspect animacy negative numType "
    "possessive pronType reflex transitivity"
)
_TAGS = "ADJ ADP ADV AUX CONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"


def strings(names: str) -> tuple[Feature, ...]:
    """Features that are strings."""
    return tuple(Feature(name, STRING) for name in names.split())


def _spans(name: str, *features: Feature) -> Type:
    return Type(name, _ANNOTATION, features)


KNOWN: tuple[Type, ...] = (
    _spans(SENTENCE, Feature("id", STRING)),
    _spans(
        TOKEN, Feature("parent", _ANNOTATION), Feature("lemma", LEMMA), Feature("stem", STEM), Feature("pos", POS),
        Feature("morph", MORPH), Feature("id", STRING), Feature("form", TOKEN_FORM),
        Feature("syntacticFunction", STRING), Feature("order", "uima.cas.Integer"),
    ),
    *(_spans(name, Feature("value", STRING)) for name in (LEMMA, STEM, TOKEN_FORM, f"{_SEGMENTATION}SurfaceForm")),
    _spans(DIV, *strings("divType id")),
    *(Type(f"{_SEGMENTATION}{name}", DIV) for name in ("Paragraph", "Heading", "Document")),
    _spans(POS, *strings("PosValue coarseValue")),
    *(Type(f"{POS}_{tag}", POS) for tag in _TAGS.split()),
    _spans(MORPH, *strings(_MORPHOLOGY)),
    _spans(DEPENDENCY, Feature("Governor", TOKEN), Feature("Dependent", TOKEN), *strings("DependencyType flavor")),
    _spans(f"{_API}syntax.type.chunk.Chunk", Feature("chunkValue", STRING)),
    _spans(NAMED_ENTITY, *strings("value identifier")),
    _spans(LINK, Feature("next", LINK), *strings("referenceType referenceRelation")),
    Type(CHAIN, "uima.cas.AnnotationBase", (Feature("first", LINK),)),
    _spans(_PRED, Feature("arguments", FS_ARRAY, _ARG_LINK), Feature("category", STRING)),
    _spans(_ARG),
    Type(_ARG_LINK, features=(Feature("role", STRING), Feature("target", _ARG))),
    Type(METADATA, "uima.tcas.DocumentAnnotation", (
        *strings("documentTitle documentId documentUri collectionId documentBaseUri"),
        Feature("isLastSegment", "uima.cas.Boolean"),
    )),
    _spans(METADATA_FIELD, *strings("key value")),
    _spans(
        TAGSET, *strings("layer name componentName modelLocation modelVariant modelLanguage modelVersion"),
        Feature("tags", FS_ARRAY, TAG), Feature("input", "uima.cas.Boolean"),
    ),
    Type(TAG, features=(Feature("name", STRING),)),
)  # fmt: skip
