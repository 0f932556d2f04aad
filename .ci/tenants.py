"""Who goes round `subscribers/access.py`: a check of the source, for `make check`.

Three rules. Screens (`SCREENS`) get rows of subscribers from `access` and from functions that take a subscriber: no
manager, no `get_object_or_404`, no raw SQL, no reach of their own. The settings that policies read are named by the
database backend alone. And only the modules of `ACROSS` reach across subscribers, each for its purpose.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("portal", "orders", "messaging", "integrations", "work", "subscribers")
SCREENS = ("portal/dashboard", "portal/onboarding", "portal/api", "portal/hooks.py")
# Models that belong to no subscriber, so a screen may ask them.
PERSONS = {"User", "EmailAddress", "Session", "UserSession", "Permission", "Group", "ContentType"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "RawSQL"}
RAW = {"raw", "cursor", "extra"}  # as methods that are called
SETTINGS = ("set_config", "onay.subscriber", "onay.person", "onay.purpose")
BACKEND = {
    "subscribers/constraints.py",  # the policies, which read them
    "subscribers/postgresql/sessions.py",  # the one who says them
}
# Each reaches across for the purpose that it names; a module more is a decision, to be read by somebody else.
ACROSS = {
    "integrations/ideasoft/authorization.py",
    "messaging/credit_watch.py",
    "orders/calls.py",
    "orders/expiry.py",
    "portal/accounts.py",
    "portal/alerts.py",
    "portal/closing.py",
    "portal/hooks.py",
    "portal/kept_answers.py",
    "portal/management/commands/migrate.py",
    "portal/management/commands/provision.py",
    "portal/management/commands/rotate_keys.py",
    "portal/metrics.py",
    "portal/preparation.py",
    "portal/reaching.py",
    "subscribers/api_keys.py",
    "subscribers/closing.py",
    "subscribers/invitations.py",
    "subscribers/reach.py",
    "work/drain.py",
    "work/sweep.py",
}
# Hooks know nobody yet: a token is looked up across all, then the reach is its subscriber's.
LOOK_UP = {"portal/hooks.py"}
# And the API knows no session: its door states the reach of the key's subscriber, looked up elsewhere.
STATES_REACH = {*LOOK_UP, "portal/api/door.py"}


def main() -> None:
    """Prints each place with its line; non-zero where there is one."""
    found = [problem for path in _sources(ROOT) for problem in problems(path.read_text(), _name(path))]
    if found:
        sys.exit("\n".join(found))


def problems(source: str, name: str) -> list[str]:
    """What the module `name` (a path from the root) does wrong, a line each."""
    tree = ast.parse(source)
    found = [*_settings(tree, name), *_across(tree, name)]
    if name.startswith(SCREENS):
        found += _round_access(tree, name)
    return [f"{name}:{line}: {words}" for line, words in sorted(set(found))]


def _round_access(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        called = _called(node)
        if called in MANAGERS and name not in LOOK_UP and _owner(node) not in PERSONS:
            yield node.lineno, f"`{_owner(node)}.{called}`: ask `access.of` or `access.one`"  # type: ignore[attr-defined]
        elif called in SHORTCUTS:
            yield node.lineno, f"`{called}`: ask `access.one`"  # type: ignore[attr-defined]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RAW:
            yield node.lineno, f"`{node.func.attr}(…)`, SQL of its own: ask `access.of`"
        elif _imports(node, "django.db", "connection"):
            yield node.lineno, "a connection of its own: ask `access.of`"  # type: ignore[attr-defined]
        elif _says(node, "reach") and name not in STATES_REACH:
            yield node.lineno, "`reach`: the middleware states the reach of a screen"


def _settings(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    if name in BACKEND:
        return
    documented = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            for word in SETTINGS:
                if word in node.value:
                    yield node.lineno, f"`{word}`: subscribers/postgresql/ alone says what is within reach"


def _across(tree: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    if name in ACROSS:
        return
    for node in ast.walk(tree):
        if _called(node) == "across" or _imports(node, "subscribers.reach", "across"):
            yield node.lineno, "`reach.across`: this module is not in ACROSS of .ci/tenants.py"  # type: ignore[attr-defined]


def _called(node: ast.AST) -> str:
    """The last name of `a.b.c` or of a bare `c`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _owner(node: ast.AST) -> str:
    return ast.unparse(node.value).rpartition(".")[2] if isinstance(node, ast.Attribute) else ""


def _says(node: ast.AST, word: str) -> bool:
    """Whether the name is used or imported, under whatever other one."""
    if isinstance(node, ast.alias):
        return node.name.rpartition(".")[2] == word
    return isinstance(node, ast.Name) and node.id == word


def _imports(node: ast.AST, module: str, name: str) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == module and name in {one.name for one in node.names}


def _has_docstring(node: ast.AST) -> bool:
    inner = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return inner and ast.get_docstring(node, clean=False) is not None  # type: ignore[arg-type]


def _sources(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((root / room).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
