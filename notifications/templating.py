"""Jinja templates of messages: an office's own file takes the place of the packaged one, and can break nothing.

Templates run sandboxed and know few filters and no functions: they shape words, nothing else. When an office's own file
fails, the packaged ones write the message and the fault is told.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
    pass_eval_context,
    select_autoescape,
)
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.filters import do_join
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment

from config.settings import Settings

log = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
# What multiplies text or escapes from escaping is left out: `*`, center, replace, format, safe.
FILTERS = (
    *("capitalize", "default", "d", "escape", "e", "first", "int", "join", "last", "length", "count", "list", "lower"),
    *("map", "reject", "rejectattr", "select", "selectattr", "string", "sum", "title", "trim", "truncate", "upper"),
)
# What a name can be given that grows by itself ("set x = x ~ x"), and what turns escaping off.
NEVER = MappingProxyType(
    {
        nodes.Assign: "set",
        nodes.AssignBlock: "set",
        nodes.CallBlock: "call",
        nodes.FilterBlock: "filter",
        nodes.Concat: "~",
        nodes.ScopedEvalContextModifier: "autoescape",
    }
)
MOST_TEXT, MOST_SEPARATOR, DEEPEST = 500_000, 100, 3
METHODS = frozenset({"startswith", "endswith", "strip", "lower", "upper", "isdigit"})
T = TypeVar("T")


class BrokenTemplate(Exception):
    """A template that cannot write a message; `str()` says why in Vietnamese."""


class WordsOnly(SandboxedEnvironment):
    """A sandbox in which no expression can grow a text much beyond what it was given."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html.j2", "html"], default=False),
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS} | {"join": join_shortly}

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """Every text that a template, a block or a macro makes goes through here. Raises SecurityError for too long."""
        kept: list[str] = []
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > MOST_TEXT:
                raise SecurityError("text")
            kept.append(piece)
        return "".join(kept)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        refuse_growing(tree)
        return tree

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros, blocks, what a loop offers, and methods of words that make nothing longer."""
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        return isinstance(obj, Macro | BlockReference | LoopContext) or (
            isinstance(owner, LoopContext) or (isinstance(owner, str) and name in METHODS)
        )

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers may be added. Raises SecurityError for all else."""
        if operator == "+" and isinstance(left, int) and isinstance(right, int):
            return left + right
        raise SecurityError(f"operator '{operator}'")


@pass_eval_context
def join_shortly(context: Any, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    """The filter `join`, with a short separator. Raises SecurityError."""
    if len(str(d)) > MOST_SEPARATOR:
        raise SecurityError("filter 'join'")
    joined: str = do_join(context, value, d, attribute)
    return joined


def refuse_growing(tree: nodes.Template) -> None:
    """Raises SecurityError for what no message needs and what could grow a text or work without an end."""
    for node in tree.find_all(tuple(NEVER)):
        raise SecurityError(f"'{NEVER[type(node)]}', 'dòng {node.lineno}'")
    for literal in tree.find_all((nodes.List, nodes.Tuple, nodes.Dict)):
        stored = getattr(literal, "ctx", "load") == "store"
        if not stored and not all(isinstance(part, nodes.Const) for part in literal.iter_child_nodes()):
            raise SecurityError(f"'[…]', 'dòng {literal.lineno}'")
    for loop in tree.find_all(nodes.For):
        if loop.recursive or _depth(loop) > DEEPEST:
            raise SecurityError(f"'for', 'dòng {loop.lineno}'")


def _depth(loop: nodes.For) -> int:
    return 1 + max(map(_depth, loop.find_all(nodes.For)), default=0)


def own_folder(settings: Settings) -> Path:
    """Where an office keeps its own templates."""
    return settings.yaml_dir / "templates"


def packaged() -> WordsOnly:
    """The templates that came with the program."""
    return _kept(TEMPLATES)


def with_text(name: str, text: str) -> WordsOnly:
    """The packaged templates, one of them replaced by a text that is not saved yet."""
    return WordsOnly(ChoiceLoader([DictLoader({name: text}), FileSystemLoader(TEMPLATES)]))


def by_own_templates(settings: Settings, make: Callable[[WordsOnly], T]) -> tuple[T, str | None]:
    """What `make` writes by the office's templates; by the packaged ones, and what is wrong, when its own fail."""
    folder = own_folder(settings)
    if not folder.is_dir():
        return make(packaged()), None
    try:
        return make(_kept(folder, TEMPLATES)), None
    except Exception as error:
        # Whatever an office has typed into a template, its units must still be written to.
        fault = fault_words(error)
        log.warning("an own template failed: %s", fault)
        return make(packaged()), fault


def fault_words(error: BaseException) -> str:
    """What is wrong with a template, in Vietnamese."""
    if isinstance(error, BrokenTemplate):
        return str(error)
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name or 'mẫu'}, dòng {error.lineno}: sai cú pháp, hoặc dùng bộ lọc không có"
    if isinstance(error, TemplateNotFound):
        return f"không có mẫu tên «{error.name}»"
    if isinstance(error, UndefinedError):
        return f"{_line_of(error)}dùng một chỗ điền không có{_quoted(error)}"
    if isinstance(error, SecurityError):
        return f"{_line_of(error)}dùng phép tính, hàm hoặc thuộc tính không được phép{_quoted(error)}"
    kind = "" if isinstance(error, TemplateError) else f" ({type(error).__name__})"
    return f"không ghép được thành tin{kind}"


def _line_of(error: BaseException) -> str:
    """Where in a template an error arose: Jinja writes its lines into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_template(frame.filename)]
    return f"dòng {frames[-1].lineno}: " if frames else ""


def _is_template(file: str) -> bool:
    return file == "<template>" or file.endswith(".j2")


def _quoted(error: BaseException) -> str:
    """The names that a message of Jinja quotes; the rest of it is English."""
    names = str(error).split("'")[1::2]
    return f" ({', '.join(f'«{name}»' for name in names[:2])})" if names else ""


def render(templates: WordsOnly, name: str, words: Mapping[str, Any], **more: Any) -> str:
    """One template with its words."""
    return templates.get_template(name).render(words, **more)


_ENVIRONMENTS: dict[tuple[object, ...], WordsOnly] = {}


def _kept(*folders: Path) -> WordsOnly:
    """The environment of some folders. Jinja sees a changed file, but not one that takes another's place."""
    key = (*folders, frozenset(file.name for file in folders[0].glob("*.j2")))
    if key not in _ENVIRONMENTS:
        _ENVIRONMENTS[key] = WordsOnly(ChoiceLoader([FileSystemLoader(folder) for folder in folders]))
    return _ENVIRONMENTS[key]


def tidy(text: str) -> str:
    """No trailing blanks and never two empty lines together."""
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()
