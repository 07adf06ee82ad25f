"""English beside the Chinese of processes and forms: what people read in either language comes from one model file.

The catalogue of a folder of models is its `en.yaml`: a mapping of Chinese text, exactly as it stands in a model, to English.
A text that it does not know is shown as the model says. Nothing stored, hashed or printed on a paper goes through here.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from lxml import etree

from casework.errors import ModelWordsInvalidError
from casework.service_records import SERVED_PAPERS
from casework.settings import Settings
from engine.diagram import rename
from engine.hostile_xml import read_xml

FILE = "en.yaml"
"""The catalogue of a folder of models."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_QUOTED = re.compile(r"(?<=“)[^“”]+(?=”)|(?<=')[^']+(?=')")
_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_FORM_TEXTS = frozenset(
    {
        "label",
        "description",
        "text",
        "content",
        "dateLabel",
        "timeLabel",
        "addLabel",
        "removeLabel",
        "placeholder",
        "title",
        "alt",
        "prefixAdorner",
        "suffixAdorner",
        "patternErrorMessage",
        "valuesExpression",
    }
)
"""Attributes of a form that people read; of an expression (`=…`) they read its literals."""

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class ModelWords:
    """English of models: of the names in processes and decisions, and of the texts in forms."""

    processes: Mapping[str, str]
    forms: Mapping[str, str]

    def name(self, text: str, language: str) -> str:
        """Return the name of an element, lane or process in `language`."""
        return text if language == "zh" else self.processes.get(text, text)

    def label(self, text: str, language: str) -> str:
        """Return a text of a form in `language`; an option may also stand in a decision."""
        return text if language == "zh" else self.forms.get(text) or self.processes.get(text, text)

    def facts(self, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
        """Return the facts of a notice, the task in them named in `language`."""
        task = facts.get("task")
        return dict(facts) if task is None else {**facts, "task": self.name(str(task), language)}

    def sentence(self, sentence: str, language: str) -> str:
        """Return a sentence in which names are quoted: an English one quotes them in English, where they are known."""
        if language == "zh" or not _CHINESE.search(sentence):
            return sentence
        return _QUOTED.sub(lambda found: self.name(found.group(), language), sentence)

    def field_sentence(self, sentence: str, language: str) -> str:
        """Return a sentence about a field of a form: a label that it quotes, or the form's own words, in `language`."""
        if language == "zh" or not _CHINESE.search(sentence):
            return sentence
        return self.forms.get(sentence) or _QUOTED.sub(lambda found: self.label(found.group(), language), sentence)

    def drawing(self, content: bytes, language: str) -> bytes:
        """Return a BPMN file to look at: the names in it in `language`, nothing else changed; not to be deployed."""
        return content if language == "zh" else rename(content, lambda name: self.name(name, language))

    def form(self, form: Mapping[str, Any], language: str) -> dict[str, Any]:
        """Return a form-js form in `language`: keys, values, conditions and rules as they are."""
        shown: dict[str, Any] = dict(form) if language == "zh" else _mapped(form, self.forms.get)
        return shown


NO_MODEL_WORDS = ModelWords(_NO_WORDS, _NO_WORDS)


def read_model_words(settings: Settings) -> ModelWords:
    """Return the catalogues that stand beside the models of an installation. Raises ModelWordsInvalidError."""
    papers = {paper.zh: paper.en for paper in SERVED_PAPERS.values()}  # named where the service of one has moved
    return ModelWords(papers | read_catalogue(settings.processes_dir / FILE), read_catalogue(settings.forms_dir / FILE))


def read_catalogue(path: Path) -> dict[str, str]:
    """Return one catalogue, Chinese -> English; empty where there is none. Raises ModelWordsInvalidError."""
    if not path.is_file():
        return {}
    try:
        content = _OneOfEach(path.read_text("utf-8")).get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ModelWordsInvalidError(file=str(path), problem=" ".join(str(error).split())) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ModelWordsInvalidError(file=str(path), problem="a mapping is expected")
    for chinese, english in content.items():
        if not isinstance(chinese, str) or not isinstance(english, str) or not english.strip():
            raise ModelWordsInvalidError(file=str(path), problem=f"{chinese!r}: {english!r} is no text")
    return content


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a catalogue lacks and what it says for nothing."""

    catalogue: Path
    missing: Mapping[str, str]
    """Text without English -> the first file where it stands."""
    unused: tuple[str, ...]
    """Texts of the catalogue that stand in no file."""


def find_gaps(processes: Path, forms: Path) -> list[Gaps]:
    """Return the gaps of both catalogues, that of the processes first. Raises ModelWordsInvalidError."""
    models = sorted(path for path in processes.rglob("*") if path.suffix in (".bpmn", ".dmn"))
    drawn = {path: texts_of_process(path.name, path.read_bytes()) for path in models}
    asked = {path: texts_of_form(json.loads(path.read_bytes())) for path in sorted(forms.rglob("*.form"))}
    return [_gaps(processes, drawn), _gaps(forms, asked)]


def _gaps(folder: Path, texts: Mapping[Path, list[str]]) -> Gaps:
    known = read_catalogue(folder / FILE)
    first: dict[str, str] = {}
    for path, found in texts.items():
        for text in found:
            first.setdefault(text, str(path.relative_to(folder)))
    return Gaps(
        folder / FILE,
        {text: file for text, file in first.items() if text not in known},
        tuple(text for text in known if text not in first),
    )


def texts_of_process(name: str, content: bytes) -> list[str]:
    """Return the Chinese texts of a BPMN or DMN file that people read, each once, in the order of the file.

    Of BPMN the names of processes, pools, lanes, flow nodes and flows and the notes; of DMN the texts that a rule
    answers with. A file that cannot be read has none: the check of models says what is wrong with it.
    """
    root, _ = read_xml(name, content)
    return [] if root is None else _once(_shown_in(root))


def texts_of_form(form: Mapping[str, Any]) -> list[str]:
    """Return the Chinese texts of a form that people read, each once, in the order of the form."""
    found: list[str] = []

    def note(text: str) -> None:
        found.append(text)

    _mapped(form, note)
    return _once(found)


def _shown_in(root: etree._Element) -> Iterator[str]:
    for node in root.iter(f"{_MODEL}*"):
        yield node.get("name", "")
        if etree.QName(node).localname == "text":
            yield node.text or ""
    for node in root.iter("{*}outputEntry"):
        for text in node.itertext():
            yield from (found.group(1) for found in _LITERAL.finditer(str(text)))


def _once(texts: Iterator[str] | list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if _CHINESE.search(text)))


def _mapped(form: Mapping[str, Any], translated: Callable[[str], str | None]) -> dict[str, Any]:
    """Return a copy of a form or a part of it, its Chinese texts replaced by what `translated` says of them, if anything."""
    shown: dict[str, Any] = {}
    for key, value in form.items():
        if isinstance(value, dict):
            shown[key] = _mapped(value, translated)
        elif isinstance(value, list):
            shown[key] = [_mapped(each, translated) if isinstance(each, dict) else each for each in value]
        elif isinstance(value, str) and key in _FORM_TEXTS and _CHINESE.search(value):
            shown[key] = _literals(value, translated) if value.startswith("=") else translated(value) or value
        else:
            shown[key] = value
    return shown


def _literals(expression: str, translated: Callable[[str], str | None]) -> str:
    """Return an expression with its Chinese literals replaced."""

    def replaced(found: re.Match[str]) -> str:
        said = translated(found.group(1)) if _CHINESE.search(found.group(1)) else None
        return found.group() if said is None else '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return _LITERAL.sub(replaced, expression)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML came with it


class _OneOfEach(_Loader):  # type: ignore[misc]  # one of the two
    """Reads YAML and refuses a text that stands there twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raises ConstructorError for a key that occurs twice."""
        known: set[Any] = set()
        for key, _ in node.value:
            text = self.construct_object(key, deep=True)
            if text in known:
                raise yaml.constructor.ConstructorError(None, None, f"{text!r} stands here twice", key.start_mark)
            known.add(text)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found
