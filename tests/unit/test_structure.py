# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape that every module has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
MODULES = sorted((PLUGINS / "modules").glob("*.py"))
ENGINE = sorted((PLUGINS / "module_utils").rglob("*.py"))
DESCRIPTIONS = [path for path in ENGINE if path.parent.name == "resources"]
EXIT_FILE = PLUGINS / "module_utils" / "_connect" / "module.py"
DOOR_FILE = PLUGINS / "module_utils" / "_connect" / "api.py"
WRITES = {"write", "create", "delete"}
CHANGES = {"add", "append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}


def by_name(path):
    return str(path.relative_to(PLUGINS))


def variables(path):
    """Return the module-level texts of a module, such as DOCUMENTATION."""
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def method_calls(tree):
    """Return (object, method) of all calls `object.method(...)` and `object.attribute.method(...)` in a syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_module_is_documented(path):
    texts = variables(path)
    documentation = yaml.safe_load(texts["DOCUMENTATION"])
    assert documentation["module"] == path.stem
    assert documentation["version_added"]
    fragments = documentation["extends_documentation_fragment"]
    wanted = "amazon_connect.sap.attributes" + (".info" if path.stem.endswith("_info") else "")
    assert wanted in fragments
    examples = yaml.safe_load(texts["EXAMPLES"])
    assert examples and all(f"amazon_connect.sap.{path.stem}" in task and task["name"] for task in examples)
    assert yaml.safe_load(texts["RETURN"])


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_module_has_its_twin_and_its_group_entry(path):
    stem = path.stem.removesuffix("_info")
    # Modules about summaries look or ask a function to work: there is no object that a twin could show
    if not stem.startswith("summary_"):
        assert path.with_name(f"{stem}.py").is_file() and path.with_name(f"{stem}_info.py").is_file()
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["aws"]
    assert path.stem in group


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_module_file_only_documents_and_declares(path):
    """No requests, no logic: main() makes a ConnectModule from a description and runs it."""
    tree = ast.parse(path.read_text())
    (main,) = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert main.name == "main"
    assert {type(statement) for statement in main.body[:-1]} == {ast.Assign} and isinstance(main.body[-1], ast.Expr)
    assert ast.unparse(tree.body[-1]) == "if __name__ == '__main__':\n    main()"
    calls = set(method_calls(tree))
    assert {call for call in calls if not call[0].isupper()} == {("module", "run")}


@pytest.mark.parametrize("path", MODULES + ENGINE, ids=by_name)
def test_exit_only_in_one_place(path):
    exits = [
        method for _owner, method in method_calls(ast.parse(path.read_text())) if re.match("(exit|fail)_json", method)
    ]
    assert sorted(exits) == (["exit_json", "fail_json"] if path == EXIT_FILE else [])


@pytest.mark.parametrize("path", MODULES + ENGINE, ids=by_name)
def test_no_request_around_the_door(path):
    """All requests go through ConnectApi, which keeps check mode free of writes."""
    if path == DOOR_FILE:
        return
    direct = [
        f"{owner}.{method}" for owner, method in method_calls(ast.parse(path.read_text())) if owner.endswith("client")
    ]
    assert direct == []


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=by_name)
def test_writes_only_in_the_methods_of_a_description(path):
    """`ctx.write/create/delete` only in methods that the engine calls to change something, and in their helpers."""
    for node in ast.parse(path.read_text()).body:
        inside = isinstance(node, ast.ClassDef) and any("Resource" in ast.unparse(base) for base in node.bases)
        methods = [item for item in node.body if isinstance(item, ast.FunctionDef)] if inside else []
        writing = set()
        while found := {method.name for method in methods if writes(method, writing)} - writing:
            writing |= found
        changing = {"create", "delete", "apply_tags", *(method.name for method in methods if method.decorator_list)}
        assert {name for name in writing if not name.startswith("_")} <= changing
        assert inside or not writes(node, set()), f"{path.name}: writes outside of a class"


def writes(node, helpers):
    """Tell whether code sends a change itself or through one of these methods of its class."""
    return any(
        (owner in ("ctx", "ctx.api") and method in WRITES) or (owner == "self" and method in helpers)
        for owner, method in method_calls(node)
    )


@pytest.mark.parametrize("path", MODULES + ENGINE, ids=by_name)
def test_no_state_survives_a_run(path):
    """Modules can run in one long-lived process: nothing in a module, a class or a description may be changed."""
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    assert not re.search(r"lru_cache|functools|cached_property", path.read_text())
    lasting = {"cls", "self"} if path in DESCRIPTIONS else {"cls"}
    lasting |= {name.id for node in tree.body if at_top(node) for name in ast.walk(node) if is_stored(name)}
    lasting |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    changed = [name for function in functions for name in changed_names(function) if name in lasting]
    assert changed == []


def is_stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def at_top(node):
    return isinstance(node, ast.Assign | ast.AnnAssign)


def changed_names(function):
    """Return the names whose members a function sets, deletes or changes by a method of lists, sets, dictionaries."""
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield root(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
            yield root(node.func.value)


def root(node):
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=by_name)
def test_every_description_is_used_by_a_module_and_its_twin(path):
    if path.stem == "__init__":
        return
    users = [module.stem for module in MODULES if f"resources.{path.stem} import" in module.read_text()]
    assert len(users) == 2 and users[1] == f"{users[0]}_info"


def test_every_python_has_its_ansible_core_in_the_lock():
    """A line without a version for some Python would take whatever is the newest on that day."""

    def markers(name, package):
        return re.findall(rf"^{package}==\S+; (python_version .+)$", (ROOT / name).read_text(), re.MULTILINE)

    assert markers("requirements-lock.txt", "ansible-core") == markers("requirements.txt", "ansible") != []
