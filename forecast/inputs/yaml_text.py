"""A YAML file that a person writes: what it holds, and on which line each part of it stands.

What YAML allows and nobody means is refused: a word written twice in one place, of which the first would be lost, and
text that repeats itself by reference, a few lines of which could hold more than a computer can.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from forecast.errors import Fault, InputFaults

LARGEST: Final = 2**20
"""Bytes in a file: far more than anybody writes by hand."""
DEEPEST: Final = 20
"""Levels of brackets and indents: more than any file of ours has."""
_COMPARE: Final = "compare it with one that ships"
_OPENS: Final = ("while parsing a flow", "while scanning a quoted")
"""What the reader was at where a bracket or a quote is not closed: it then stops far below."""


@dataclass(frozen=True)
class Word:
    """A word or a number of a file, and where it stands."""

    where: tuple[str | int, ...]
    """Keys and positions that lead to it."""
    text: str
    row: int


@dataclass(frozen=True, eq=False)
class Written:
    """A YAML file as it stands."""

    file: str
    """Its name, without the folder."""
    holds: object
    """What it says, as lists, mappings, words and numbers."""
    root: yaml.Node | None
    """The same with its places in the text; None where the file is empty."""

    def line(self, where: Sequence[str | int]) -> int:
        """Line on which a part stands, or the nearest part around it that does; 0 in an empty file.

        Parameters
        ----------
        where : keys and positions from the top, such as ("changes", 0, "factor"); what is neither is passed over
        """
        node, line = self.root, 0 if self.root is None else self.root.start_mark.line + 1
        for part in where:
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(part):
                        node, line = value, key.start_mark.line + 1
                        break
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
        return line

    def words(self, where: Sequence[str | int]) -> Iterator[Word]:
        """Every word and number in a part, and the keys of the mappings in it; none where there is no such part.

        Parameters
        ----------
        where : keys and positions from the top; each word's own place is given from there on
        """
        node = self.root
        for part in where:
            node = dict(_parts(node)).get(part)
        return _words(node, ())


def _parts(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node]]:
    """What a mapping or a list holds, by key or position."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)


def _words(node: yaml.Node | None, where: tuple[str | int, ...]) -> Iterator[Word]:
    if isinstance(node, yaml.ScalarNode):
        yield Word(where, node.value, node.start_mark.line + 1)
    for part, value in _parts(node):
        if isinstance(part, str) and where:
            yield Word((*where, part), part, value.start_mark.line + 1)
        yield from _words(value, (*where, part))


def read_yaml(path: Path) -> Written:
    """Read a file.

    Raises
    ------
    InputFaults
        It is no YAML text in UTF-8, too large or too deep, refers to itself, or says something twice.
    """
    if path.stat().st_size > LARGEST:
        raise InputFaults([Fault(path.name, 0, "", "it is larger than 1 MB", "take out what is not the scenario's")])
    try:
        text = path.read_text(encoding="utf-8")
        if faults := list(_unsafe(path.name, text)):
            raise InputFaults(faults)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if faults := list(_twice(path.name, root)):
            raise InputFaults(faults)
        return Written(path.name, yaml.safe_load(text), root)
    except (yaml.YAMLError, ValueError) as error:
        raise InputFaults([_no_yaml(path, error)]) from error


def _no_yaml(path: Path, error: Exception) -> Fault:
    """Text that is no YAML, with the row where what is wrong begins."""
    if not isinstance(error, yaml.MarkedYAMLError) or not error.problem_mark:
        return Fault(path.name, 0, "", "it is not YAML text in UTF-8", _COMPARE)
    if error.context_mark and (error.context or "").startswith(_OPENS):
        opens = error.context_mark if "node" not in (error.context or "") else _bracket(path, error.context_mark)
        what = "it is not YAML text: a quote or a bracket that opens here is not closed, or breaks off"
        return Fault(path.name, opens.line + 1, "", what, "close it, or look for a comma that is missing")
    return Fault(path.name, error.problem_mark.line + 1, "", "it is not YAML text in UTF-8", _COMPARE)


def _bracket(path: Path, before: yaml.Mark) -> yaml.Mark:
    """Where the last bracket opens that is still open at a mark, or the mark itself."""
    opened: list[yaml.Mark] = []
    for token in yaml.scan(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader):
        if token.start_mark.index >= before.index:
            break
        if isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
            opened.append(token.start_mark)
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)):
            opened = opened[:-1]
    return opened[-1] if opened else before


def _unsafe(file: str, text: str) -> Iterator[Fault]:
    """References, and brackets beyond counting."""
    deep = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            yield Fault(file, line, f"*{event.anchor}", "it refers to another part of the file", "write that part out")
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > DEEPEST:
            yield Fault(file, line, "", f"it is more than {DEEPEST} levels deep", _COMPARE)
            return


def _twice(file: str, node: yaml.Node | None) -> Iterator[Fault]:
    """Words that stand twice in one mapping."""
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if isinstance(key, yaml.ScalarNode) and key.value in first:
                what = f"it is written twice, first in row {first[key.value]}"
                yield Fault(file, line, key.value, what, "leave one out")
            elif isinstance(key, yaml.ScalarNode):
                first[key.value] = line
            yield from _twice(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(file, value)
