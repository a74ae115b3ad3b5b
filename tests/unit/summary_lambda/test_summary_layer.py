# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layer and the function archive: the same bytes on every run, pure Python, importable."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "files" / "summary_lambda"


def load_build():
    specification = importlib.util.spec_from_file_location("summary_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


build = load_build()


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    """Both archives, built as make does."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, FOLDER / "build.py", "--output", folder], check=True, capture_output=True)
    return folder


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return path


def test_the_same_bytes_and_untouched_files_on_a_rerun(dist):
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in dist.iterdir()}
    again = subprocess.run(
        [sys.executable, FOLDER / "build.py", "--output", dist], check=True, capture_output=True, text=True
    )
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in dist.iterdir()} == before
    assert set(before) == {"layer.zip", "function.zip"}
    assert [line.split()[1] for line in again.stdout.splitlines()] == ["layer.zip", "function.zip"]


def test_the_archives_hold_what_is_expected(dist):
    with zipfile.ZipFile(dist / "layer.zip") as layer:
        names = layer.namelist()
        assert {name.split("/")[0] for name in names} == {"python"}
        assert not [name for name in names if name.endswith((".so", ".pyc")) or "/bin/" in name]
        assert {entry.date_time for entry in layer.infolist()} == {build.TIMESTAMP}
        assert names == sorted(names)
    with zipfile.ZipFile(dist / "function.zip") as function:
        modules = {path.relative_to(FOLDER).as_posix() for path in (FOLDER / "summary_lambda").rglob("*.py")}
        assert set(function.namelist()) == modules
        assert "summary_lambda/__init__.py" in modules


def test_the_handler_loads_with_layer_and_runtime_alone(dist, tmp_path):
    """No package of the environment but boto3's, and requests from the layer."""
    for name in ("layer", "function"):
        with zipfile.ZipFile(dist / f"{name}.zip") as archive:
            archive.extractall(tmp_path / name)
    check = "import summary_lambda, requests; print(callable(summary_lambda.handler), requests.__file__)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{tmp_path}/layer/python:{tmp_path}/function"}
    loaded = subprocess.run(
        [sys.executable, "-c", check], check=True, capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert loaded.stdout.split() == ["True", f"{tmp_path}/layer/python/requests/__init__.py"]


def test_the_bytes_do_not_depend_on_the_order_of_the_files():
    files = {"python/b.py": b"b", "python/a.py": b"a"}
    assert build.zip_bytes(files) == build.zip_bytes(dict(reversed(files.items())))


def test_compiled_wheels_are_refused(tmp_path):
    wheel = make_wheel(tmp_path, "x-1-cp313-cp313-manylinux2014_x86_64.whl", {"x.py": ""})
    with pytest.raises(SystemExit, match="made for one machine"):
        build.layer_files([wheel])


def test_wheels_with_files_outside_the_import_path_are_refused(tmp_path):
    wheel = make_wheel(tmp_path, "x-1-py3-none-any.whl", {"x-1.data/scripts/x": ""})
    with pytest.raises(SystemExit, match="outside the import path"):
        build.layer_files([wheel])


def test_fault_17_the_lock_holds_hashes_and_the_direct_requirements():
    """Fault 17: boto3 and requests came in whatever version there was."""
    requirements = [line for line in (FOLDER / "requirements.txt").read_text().splitlines() if line[:1] not in "#"]
    locked = [line for line in (FOLDER / "requirements.lock").read_text().splitlines() if line[:1] not in "#"]
    assert all("==" in line and " --hash=sha256:" in line and "://" not in line for line in locked)
    assert set(requirements) <= {line.split()[0] for line in locked}


def test_fault_17_the_archives_are_built_and_not_kept_in_the_repository():
    """Fault 17: the layer was committed as a binary file."""
    for name in ("layer.zip", "function.zip"):
        ignored = subprocess.run(
            ["git", "check-ignore", "--no-index", "--quiet", f"dist/{name}"],
            cwd=FOLDER,
            capture_output=True,
            check=False,
        )
        assert ignored.returncode == 0, name
