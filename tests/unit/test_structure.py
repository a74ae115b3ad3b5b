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
BOTO_WRITE = re.compile(
    r"^(associate|batch_put|claim|create|delete|disassociate|put|release|tag|untag|update)_[a-z0-9_]+$"
)


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
    assert path.with_name(f"{stem}.py").is_file() and path.with_name(f"{stem}_info.py").is_file()
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["aws"]
    assert path.stem in group


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_module_file_only_documents_and_declares(path):
    """No requests, no logic: main() makes a ConnectModule from a description and runs it."""
    tree = ast.parse(path.read_text())
    definitions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert definitions == ["main"]
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
        f"{owner}.{method}"
        for owner, method in method_calls(ast.parse(path.read_text()))
        if owner.endswith("client") and (BOTO_WRITE.match(method) or re.match("(describe|get|list|search)_", method))
    ]
    assert direct == []


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=by_name)
def test_writes_only_in_the_methods_of_a_description(path):
    """`ctx.write/create/delete` only inside a Resource class, and never in a method that plans or reads."""
    planning = {
        "check_delete",
        "check_options",
        "find",
        "read",
        "read_all",
        "desired",
        "defaults",
        "same",
        "label",
        "result",
        "is_dead",
        "is_ready",
    }
    tree = ast.parse(path.read_text())
    for node in tree.body:
        inside = isinstance(node, ast.ClassDef) and any("Resource" in ast.unparse(base) for base in node.bases)
        methods = node.body if inside else [node]
        for method in methods:
            if inside and getattr(method, "name", "") not in planning:
                continue
            writes = [call for call in method_calls(method) if call[0] in ("ctx", "ctx.api") and call[1] in WRITES]
            assert writes == [], f"{path.name}: {getattr(method, 'name', '')} writes"


@pytest.mark.parametrize("path", MODULES + ENGINE, ids=by_name)
def test_no_mutable_state_in_classes_or_hidden_globals(path):
    """Modules can run in one long-lived process: nothing may survive from one run to the next."""
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    assert "lru_cache" not in path.read_text()


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
