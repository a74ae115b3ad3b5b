# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build dist/layer.zip and dist/function.zip: the same bytes on every run.

The layer is taken from the wheels themselves, not from an installation: pip writes the path of its own Python into
scripts and into RECORD. Wheels that hold compiled code are refused, so that one layer serves every Python from 3.11 on,
on x86_64 and arm64.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST_PYTHON = "3.11"
# The earliest time that a zip file can hold.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def download_wheels(requirements: Path, folder: Path, *options: str) -> list[Path]:
    """Let pip download wheels for any Python 3 and any machine."""
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "download", "--disable-pip-version-check"]
        + ["--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none"]
        + ["--python-version", OLDEST_PYTHON, "--dest", str(folder), "--requirement", str(requirements), *options],
        check=True,
    )
    return sorted(folder.glob("*.whl"))


def layer_files(wheels: list[Path]) -> dict[str, bytes]:
    """Return the wheels' files under ``python/``, where Lambda looks for them."""
    files: dict[str, bytes] = {}
    for wheel in wheels:
        if not wheel.stem.endswith("-none-any"):
            raise SystemExit(f"{wheel.name} is made for one machine or Python; the layer takes only pure Python")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.split("/")[0].endswith(".data"):
                    raise SystemExit(f"{wheel.name} wants {name} outside the import path; the layer has no such place")
                if not name.endswith("/"):
                    files[f"python/{name}"] = archive.read(name)
    return files


def function_files(package: Path) -> dict[str, bytes]:
    """Return the function's own modules, those of its subpackages included."""
    return {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in package.rglob("*.py")}


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Pack the files sorted by name, with one fixed time and mode."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, TIMESTAMP)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def write_if_changed(path: Path, content: bytes) -> None:
    """Write the file in one step, and not at all when it holds the content already; print its digest."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes(content)
        temporary.replace(path)
    print(f"{hashlib.sha256(content).hexdigest()}  {path.name}")


def lock() -> None:
    """Write requirements.lock for requirements.txt."""
    path = HERE / "requirements.lock"
    lines = [line for line in path.read_text().splitlines() if line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        for wheel in download_wheels(HERE / "requirements.txt", Path(folder)):
            name, version = wheel.name.split("-")[:2]
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{digest}")
    path.write_text("\n".join(lines) + "\n")


def build(output: Path) -> None:
    """Build both archives into the output folder."""
    with tempfile.TemporaryDirectory() as folder:
        wheels = download_wheels(HERE / "requirements.lock", Path(folder), "--require-hashes", "--no-deps")
        write_if_changed(output / "layer.zip", zip_bytes(layer_files(wheels)))
    write_if_changed(output / "function.zip", zip_bytes(function_files(HERE / "summary_lambda")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", action="store_true", help="renew requirements.lock instead")
    parser.add_argument("--output", type=Path, default=HERE / "dist", help="where to put the archives")
    arguments = parser.parse_args()
    if arguments.lock:
        lock()
    else:
        build(arguments.output)


if __name__ == "__main__":
    main()
