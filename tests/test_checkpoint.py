"""Weights in a file: what is saved is what is loaded, and a file is never half of anything."""

import builtins
import json
import os
import re
import struct
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from nnlib import BatchNorm1d, Linear, ReLU, Sequential
from nnlib.checkpoint import load, save


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def small_model(rng=0):
    return Sequential(Linear(3, 4, rng=rng), BatchNorm1d(4), ReLU(), Linear(4, 2, rng=rng))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6, dtype=np.float32).reshape(2, 3).T,  # not in one piece of memory
        np.arange(12, dtype=np.float16)[::2],
        np.broadcast_to(np.float64(7), (2, 2)),
        np.array(3.5),
        np.float32(3.5),
        np.zeros((0, 4)),
        np.arange(3, dtype=">f4"),
        np.array([True, False]),
        np.array([0, 255], dtype=np.uint8),
        np.array([-(2**62), 2**62]),
    ],
    ids=lambda array: f"{array.dtype}{list(array.shape)}",
)
def test_what_is_saved_is_loaded(path, array):
    save({"layer.weight": array, "other": np.ones(2)}, path)
    state = load(path)
    assert set(state) == {"layer.weight", "other"}
    loaded = state["layer.weight"]
    assert loaded.shape == array.shape
    assert loaded.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(loaded, array)
    loaded[...] = 1  # ours to change


def test_the_order_is_that_of_the_names(path):
    names = [f"layer{i}.{kind}" for i in range(9) for kind in ("weight", "bias")]
    save({name: np.zeros(2) for name in names}, path)
    assert list(load(path)) == sorted(names)


def test_a_model_goes_through_a_file(path):
    model, other = small_model(rng=0), small_model(rng=1)
    model(np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32))  # moves the statistics
    save(model.state_dict(), str(path))
    other.load_state_dict(load(str(path)))
    x = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
    np.testing.assert_array_equal(model.eval()(x).data, other.eval()(x).data)


def test_the_file_is_the_published_format_with_pytorch_names(path):
    save(small_model().state_dict(), path)
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert {"0.weight", "0.bias", "1.running_mean", "1.running_var", "3.weight"} < set(header)
    assert header["0.weight"]["dtype"] == "F32"
    assert header["0.weight"]["shape"] == [4, 3]


def test_arrays_on_a_gpu_are_moved_first(path, monkeypatch):
    class Elsewhere:  # what CuPy's arrays offer for the way back
        dtype, shape = np.dtype(float), (3,)

        def get(self):
            return np.arange(3.0)

    Elsewhere.__module__ = "cupy"
    monkeypatch.setitem(sys.modules, "cupy", types.ModuleType("cupy"))
    save({"w": Elsewhere()}, path)
    np.testing.assert_array_equal(load(path)["w"], [0, 1, 2])


def test_an_empty_state_is_a_state(path):
    save({}, path)
    assert load(path) == {}


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(path):
    save({"w": np.zeros(1000)}, path)
    save({"w": np.ones(3)}, path)
    np.testing.assert_array_equal(load(path)["w"], np.ones(3))
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_an_interrupted_save_leaves_the_old_file_whole(path, monkeypatch, step, error):
    def fail(*args):
        raise error

    save({"w": np.zeros(3)}, path)
    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(type(error)):
        save({"w": np.ones(1000)}, path)
    np.testing.assert_array_equal(load(path)["w"], np.zeros(3))
    assert list(path.parent.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_the_place(path, monkeypatch):
    steps = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor):
        steps.append(("fsync", os.fstat(descriptor).st_size))
        real_fsync(descriptor)

    def replace(self, target):
        assert self.parent == Path(target).parent  # a move between disks is no single step
        steps.append(("replace", self.stat().st_size))
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    save({"w": np.zeros(3)}, path)  # less than the buffer of a file
    size = path.stat().st_size
    assert steps == [("fsync", size), ("replace", size)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps permissions elsewhere")
def test_the_file_has_the_usual_permissions(path):
    save({"w": np.zeros(3)}, path)
    (path.parent / "usual").touch()
    assert path.stat().st_mode == (path.parent / "usual").stat().st_mode


def test_no_folder_is_made(tmp_path):
    path = tmp_path / "typo" / "model.safetensors"
    with pytest.raises(FileNotFoundError, match=r"folder .*typo does not exist.*mkdir"):
        save({"w": np.zeros(3)}, path)
    assert list(tmp_path.iterdir()) == []


def test_save_refuses_what_is_no_state(path):
    with pytest.raises(TypeError, match=r"got Sequential: write save\(model\.state_dict\(\), path"):
        save(small_model(), path)
    with pytest.raises(TypeError, match=r"got str: write save\(model"):
        save(path.name, {"w": np.zeros(2)})
    with pytest.raises(IsADirectoryError, match="is a folder: save to a file in it"):
        save({"w": np.zeros(2)}, path.parent)
    with pytest.raises(TypeError, match="got list under 'w'"):
        save({"w": [1.0, 2.0]}, path)
    with pytest.raises(TypeError, match="under 3"):
        save({3: np.zeros(2)}, path)
    with pytest.raises(TypeError, match=r"cannot hold all of .*'w': 'complex128'"):
        save({"ok": np.zeros(2), "w": np.zeros(2, dtype=complex)}, path)
    assert not path.exists()


def test_load_says_where_it_looked(tmp_path):
    with pytest.raises(FileNotFoundError, match=re.escape(str(Path.cwd() / "nothing.safetensors"))):
        load("nothing.safetensors")
    with pytest.raises(FileNotFoundError, match="no file"):
        load(tmp_path)


@pytest.mark.parametrize("damage", ["empty", "header", "short", "long", "pickle"])
def test_load_refuses_what_is_not_a_whole_file(path, damage):
    save({"w": np.arange(100.0)}, path)
    content = path.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "header": content[:30],
            "short": content[:-8],
            "long": content + b"more",
            "pickle": b"\x80\x04\x95" + bytes(200),
        }[damage]
    )
    with pytest.raises(ValueError, match=r"model\.safetensors is not a whole safetensors file"):
        load(path)


def test_load_names_a_kind_of_number_that_numpy_lacks(path):
    header = b'{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    with pytest.raises(ValueError, match="of the kind 'BF16', which NumPy does not have"):
        load(path)


def test_without_safetensors_the_message_says_how_to_install_it(path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("safetensors"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    for call in (lambda: save({"w": np.zeros(2)}, path), lambda: load(path)):
        with pytest.raises(ImportError, match="pip install safetensors"):
            call()
