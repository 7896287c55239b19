"""What a live page is put together from: pinned, checked, and the same each time."""

import hashlib
import io
import json
import tomllib
import zipfile

import pytest

from tools import live, packing
from tools.console import Failure

SETTINGS = tomllib.loads((live.SOURCE / "runtime.toml").read_text(encoding="utf-8"))
LOCK = json.loads((live.SOURCE / "package-lock.json").read_text(encoding="utf-8"))


def test_the_same_files_make_the_same_wheel():
    files = {"b/c.py": b"x = 1\n", "a.py": b""}
    wheel = packing.pack("two-words", "1.0", files)
    again = packing.pack("two-words", "1.0", dict(reversed(files.items())))
    assert wheel.content == again.content
    assert wheel.file == "two_words-1.0-py3-none-any.whl"
    assert wheel.imports == ["a", "b"]
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        assert archive.read("b/c.py") == b"x = 1\n"
        assert "Name: two-words" in archive.read("two_words-1.0.dist-info/METADATA").decode()


def test_only_text_shrinks_on_the_wire():
    content = b"x" * 10_000
    assert packing.on_the_wire("a.mjs", content) < 100
    assert packing.on_the_wire("a.whl", content) == 10_000


def test_everything_from_npm_is_pinned_by_a_checksum_and_by_no_address():
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert "node_modules/pyodide" in packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
    wanted = json.loads((live.SOURCE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version


def test_the_runtime_is_closed():
    known = {*SETTINGS["wasm"], *SETTINGS["pure"], "nnlib", "line-kernel"}
    needs = [name for names in SETTINGS["needs"].values() for name in names]
    needs += [name for chosen in SETTINGS["pure"].values() for name in chosen.get("needs", ())]
    assert {*needs, *SETTINGS["start"]["packages"], *SETTINGS["needs"]} <= known


def test_pure_packages_come_from_the_environment_without_their_tests():
    wheel = live._pure("ipywidgets", SETTINGS["pure"]["ipywidgets"])
    with zipfile.ZipFile(io.BytesIO(wheel.content)) as archive:
        names = archive.namelist()
    assert "ipywidgets/widgets/widget_box.py" in names
    assert any("LICENSE" in name for name in names)
    assert not [name for name in names if "/tests/" in name or name.endswith(".pyc")]


def test_a_machine_without_node_is_told_so(monkeypatch):
    monkeypatch.setattr(live.shutil, "which", lambda name: None)
    with pytest.raises(live.Unavailable, match="Node"):
        live.node_modules()


def test_a_wheel_that_is_not_what_it_should_be_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_WASM", str(tmp_path))
    (tmp_path / "numpy-1.0-x.whl").write_bytes(b"something else")
    right = hashlib.sha256(b"the wheel").hexdigest()
    (tmp_path / "SHA256SUMS").write_text(f"{right}  numpy-1.0-x.whl\n")
    with pytest.raises(Failure, match="checksum"):
        live._wasm("numpy", {}, None, tmp_path)
    (tmp_path / "numpy-1.0-x.whl").write_bytes(b"the wheel")
    assert live._wasm("numpy", {}, None, tmp_path).version == "1.0"
    with pytest.raises(live.Unavailable, match="pillow"):
        live._wasm("pillow", {}, None, tmp_path)
    with pytest.raises(Failure, match="checksum"):
        live._keep(b"broken on the way", right, tmp_path / "kept.whl")
    assert not (tmp_path / "kept.whl").exists()
