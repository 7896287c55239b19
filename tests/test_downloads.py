"""Downloads, against a server on this machine that breaks off, lies, or is not there."""

import builtins
import contextlib
import gzip
import hashlib
import http.server
import os
import re
import threading
from pathlib import Path

import numpy as np
import pooch
import pytest
import tqdm.auto

from nnlib.data import (
    downloads,
    fetching,
    load_common_names,
    load_fashion_mnist,
    load_mnist,
    load_names,
    load_shakespeare,
)
from nnlib.data.fetching import RemoteFile, fetch

CONTENT = np.random.default_rng(0).bytes(300_000)
OTHER = np.random.default_rng(1).bytes(300_000)


def digest(content, algorithm="sha256"):
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


class Server(http.server.ThreadingHTTPServer):
    """Serves `content` at any path; `plan` says what is wrong with each answer in turn.

    "ok" sends all that was asked for; a number breaks the connection after so many bytes.
    """

    daemon_threads = True

    def __init__(self, content, plan, ranges):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.plan, self.ranges = content, list(plan), ranges
        self.asked, self.encodings = [], set()

    def url(self, name="file.bin"):
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"

    def handle_error(self, request, client_address):
        """Stay silent when a client goes away."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers GET, with Range where the server supports it."""

    def do_GET(self):
        server = self.server
        start = int(re.fullmatch(r"bytes=(\d+)-", self.headers["Range"])[1])
        server.asked.append(start)
        server.encodings.add(self.headers["Accept-Encoding"])
        todo = server.plan.pop(0) if server.plan else "ok"
        if todo == 404:
            self.send_error(404)
            return
        if server.ranges and start >= len(server.content):
            self.send_error(416)
            return
        rest = server.content[start:] if server.ranges else server.content
        self.send_response(206 if server.ranges else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest if todo == "ok" else rest[:todo])

    def log_message(self, *args):
        """Print nothing."""


@contextlib.contextmanager
def serving(content=CONTENT, plan=(), ranges=True):
    server = Server(content, plan, ranges)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, no folder of one's own, no proxy between us and this machine."""
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.delenv("NNLIB_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "nnlib"


def published(*urls, names=("file.bin",), content=CONTENT):
    return RemoteFile(names=names, urls=urls, digest=digest(content))


def nowhere():
    """An address on this machine that nothing listens at."""
    with serving() as server:
        return server.url("gone.bin")


# --- downloading ---------------------------------------------------------------------------------


def test_a_file_is_downloaded_once_and_then_needs_no_server(cache):
    with serving() as server:
        file = published(server.url())
        assert fetch(file) == [CONTENT]
        assert fetch(file) == [CONTENT]
        assert server.asked == [0]
    assert fetch(file) == [CONTENT]
    assert [path.name for path in cache.iterdir()] == ["file.bin"]


def test_a_compressed_file_comes_uncompressed(cache):
    packed = gzip.compress(CONTENT)
    with serving(packed) as server:
        file = RemoteFile(("file.gz",), (server.url(),), digest(packed, "md5"))
        assert fetch(file) == [CONTENT]
    assert fetch(file) == [CONTENT]


def test_a_broken_download_goes_on_where_it_stopped(cache):
    with serving(plan=[100_000, 50_000, "ok"]) as server:
        assert fetch(published(server.url())) == [CONTENT]
        assert server.asked == [0, 100_000, 150_000]
        assert server.encodings == {"identity"}  # else a rest is counted in compressed bytes


def test_a_server_without_ranges_is_asked_for_everything_again(cache):
    with serving(plan=[100_000, "ok"], ranges=False) as server:
        assert fetch(published(server.url())) == [CONTENT]
        assert len(server.asked) == 2


def test_a_server_that_always_breaks_off_at_the_same_place_is_given_up(cache):
    with serving(plan=[1000] * 99, ranges=False) as server:
        with pytest.raises(FileNotFoundError, match="could not be downloaded"):
            fetch(published(server.url()))
        assert server.asked == [0, 1000]


def test_what_arrived_waits_for_the_next_call(cache):
    with serving(plan=[100_000, 0]) as server:
        with pytest.raises(FileNotFoundError):
            fetch(published(server.url()))
        assert (cache / "file.bin.part").stat().st_size == 100_000
        assert not (cache / "file.bin").exists()
        assert fetch(published(server.url())) == [CONTENT]
        assert server.asked == [0, 100_000, 100_000]
    assert not (cache / "file.bin.part").exists()


def test_the_next_mirror_goes_on_with_what_the_first_sent(cache):
    with serving(plan=[100_000, 0]) as first, serving() as second:
        assert fetch(published(nowhere(), first.url(), second.url())) == [CONTENT]
        assert second.asked == [100_000]


@pytest.mark.parametrize("wrong", [{"content": OTHER}, {"plan": [404]}, {"content": CONTENT[:-1]}])
def test_the_next_mirror_is_tried_when_one_is_wrong(cache, wrong):
    with serving(**wrong) as first, serving() as second:
        assert fetch(published(first.url(), second.url())) == [CONTENT]
        assert first.asked == second.asked == [0]


@pytest.mark.parametrize("part", [CONTENT, CONTENT + b"more", OTHER[:1000]])
def test_a_part_of_another_file_does_not_stay(cache, part):
    cache.mkdir(parents=True)
    (cache / "file.bin.part").write_bytes(part)
    with serving() as server:
        file = published(server.url(), server.url("again"))
        assert fetch(file) == [CONTENT]
        assert server.asked == ([len(part)] if part == CONTENT else [len(part), 0])


@pytest.mark.parametrize("damage", [b"", CONTENT[:1000], OTHER])
def test_a_damaged_file_in_the_cache_is_fetched_again(cache, damage):
    with serving() as server:
        file = published(server.url())
        fetch(file)
        (cache / "file.bin").write_bytes(damage)
        assert fetch(file) == [CONTENT]
        assert server.asked == [0, 0]


def test_a_wrong_file_is_never_given_out(cache):
    with serving(OTHER) as server, pytest.raises(FileNotFoundError, match="hash of downloaded"):
        fetch(published(server.url()))
    assert list(cache.iterdir()) == []


def test_progress_is_shown_on_the_error_stream(cache, capsys, monkeypatch):
    class Shown(tqdm.auto.tqdm):  # whatever TQDM_DISABLE says here
        def __init__(self, **options):
            super().__init__(**options, disable=False)

    monkeypatch.setattr(tqdm.auto, "tqdm", Shown)
    with serving(plan=[100_000]) as server:
        fetch(published(server.url()))
    shown = capsys.readouterr()
    assert "file.bin: 100%" in shown.err
    assert shown.out == ""


def test_offline_the_message_says_which_files_from_where_to_where(cache, tmp_path, monkeypatch):
    gone = nowhere()
    files = [published(gone, gone + "2"), published(gone + "3", names=("other.bin",))]
    with pytest.raises(FileNotFoundError) as caught:
        fetch(*files)
    message = str(caught.value)
    for fact in (gone, gone + "2", gone + "3", "file.bin", "other.bin", "NNLIB_DATA", "network"):
        assert fact in message
    assert message.startswith("file.bin is not here and could not be downloaded:\n  127.0.0.1:")
    assert "Connection refused" in message or "actively refused" in message
    assert "Max retries" not in message
    assert "into a folder of yours, and set the variable NNLIB_DATA to it:" in message
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=re.escape(f"the folder {tmp_path}, which NNLIB")):
        fetch(*files)


def test_the_message_gives_the_reason_of_each_server(cache):
    with serving(plan=[404]) as first, serving(OTHER) as second, serving(plan=[0]) as third:
        servers = [first, second, third]
        with pytest.raises(FileNotFoundError) as caught:
            fetch(published(*(server.url() for server in servers)))
        lines = str(caught.value).splitlines()[1:4]
        reasons = ["404 Client Error", "does not match the known hash", "IncompleteRead"]
        for line, server, reason in zip(lines, servers, reasons, strict=True):
            assert f"127.0.0.1:{server.server_address[1]}: " in line
            assert reason in line


def without(monkeypatch, *packages):
    """Make the import of some packages fail, as if they were not installed."""
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.partition(".")[0] in packages:
            raise ImportError(f"No module named {name!r}")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_without_pooch_the_message_says_how_to_install_it(cache, tmp_path, monkeypatch):
    without(monkeypatch, "pooch")
    with pytest.raises(ImportError, match=r"file\.bin must be downloaded.*pip install pooch"):
        fetch(published("http://127.0.0.1/"))
    (tmp_path / "file.bin").write_bytes(CONTENT)
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path))
    assert fetch(published("http://127.0.0.1/")) == [CONTENT]


def test_without_tqdm_there_is_no_bar(cache, monkeypatch):
    without(monkeypatch, "tqdm")
    with serving() as server:
        assert fetch(published(server.url())) == [CONTENT]


# --- a folder of one's own -----------------------------------------------------------------------


def own(tmp_path, monkeypatch, **files):
    folder = tmp_path / "own"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    monkeypatch.setenv("NNLIB_DATA", str(folder))
    return folder


@pytest.mark.parametrize("name", ["mine.gz", "plain"])
@pytest.mark.parametrize("packed", [0, 1, 9])
def test_a_folder_is_read_whatever_the_name_and_the_packing(
    cache, tmp_path, monkeypatch, name, packed
):
    content = gzip.compress(CONTENT, packed, mtime=packed) if packed else CONTENT
    own(tmp_path, monkeypatch, **{name: content})
    file = RemoteFile(("mine.gz", "plain"), (), "md5:0", content=digest(CONTENT))
    assert fetch(file) == [CONTENT]
    assert not cache.exists()


@pytest.mark.parametrize(
    "damage",
    [OTHER, gzip.compress(OTHER), gzip.compress(CONTENT)[:-9], b"\x1f\x8b\x08garbage", b""],
)
def test_a_wrong_file_in_the_folder_is_named_and_left_aside(cache, tmp_path, monkeypatch, damage):
    folder = own(tmp_path, monkeypatch, plain=damage)
    with serving() as server:
        file = RemoteFile(
            ("mine.gz", "plain"), (server.url(),), digest(CONTENT), content=digest(CONTENT)
        )
        with pytest.warns(UserWarning, match=f"{re.escape(str(folder / 'plain'))} is not that of"):
            assert fetch(file) == [CONTENT]
    assert (folder / "plain").read_bytes() == damage


def test_of_two_names_the_right_one_is_taken(cache, tmp_path, monkeypatch):
    own(tmp_path, monkeypatch, **{"mine.gz": OTHER, "plain": CONTENT})
    assert fetch(published(names=("mine.gz", "plain"))) == [CONTENT]


def test_an_unknown_content_needs_the_published_packing(cache, tmp_path, monkeypatch):
    packed = gzip.compress(CONTENT, mtime=0)
    own(tmp_path, monkeypatch, **{"a.gz": packed, "b": CONTENT})
    assert fetch(RemoteFile(("a.gz",), (), digest(packed, "md5"))) == [CONTENT]
    with pytest.warns(UserWarning, match="left aside"), pytest.raises(FileNotFoundError):
        fetch(RemoteFile(("b",), (), digest(packed, "md5")))


def test_a_file_missing_from_the_folder_is_downloaded(cache, tmp_path, monkeypatch):
    own(tmp_path, monkeypatch)
    with serving() as server:
        assert fetch(published(server.url())) == [CONTENT]


def test_a_folder_that_is_none_is_an_error(cache, tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "typo"))
    with pytest.raises(FileNotFoundError, match=r"NNLIB_DATA names no folder.*typo"):
        fetch(published())


# --- the data sets -------------------------------------------------------------------------------


def all_files():
    return [
        *downloads.MNIST.values(),
        *downloads.FASHION_MNIST.values(),
        downloads.NAMES,
        downloads.SHAKESPEARE,
    ]


def test_every_data_set_has_two_addresses_and_its_own_name_in_the_cache():
    files = all_files()
    assert len(files) == 10
    assert len({file.names[0] for file in files}) == 10
    lengths = {"md5": 32, "sha256": 64}
    for file in files:
        assert len(file.urls) >= 2
        for checksum in filter(None, (file.digest, file.content)):
            algorithm, _, value = checksum.partition(":")
            assert re.fullmatch(f"[0-9a-f]{{{lengths[algorithm]}}}", value)


def idx(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.tobytes()


@pytest.mark.parametrize(
    ("load", "files"),
    [(load_mnist, "MNIST"), (load_fashion_mnist, "FASHION_MNIST")],
)
def test_images_and_labels_are_read_from_their_files(cache, monkeypatch, load, files):
    rng = np.random.default_rng(0)
    parts = {"train": 7, "t10k": 3}
    made, table = {}, {}
    with serving() as server:
        for part, n in parts.items():
            pixels = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
            pixels[0, 0, :2] = 0, 255
            digits = rng.integers(0, 10, n, dtype=np.uint8)
            made[part] = pixels, digits
            for kind, array in (("images-idx3", pixels), ("labels-idx1", digits)):
                name = f"{part}-{kind}-ubyte"
                (cache / name).parent.mkdir(parents=True, exist_ok=True)
                (cache / name).write_bytes(idx(array))
                table[name] = RemoteFile((name,), (server.url(),), digest(idx(array)))
        monkeypatch.setattr(downloads, files, table)
        for part, (pixels, digits) in made.items():
            images, labels = load(train=part == "train")
            assert (images.dtype, labels.dtype) == (np.float32, np.int64)
            assert images.shape == (len(pixels), 784)
            assert (images.min(), images.max()) == (0, 1)
            np.testing.assert_array_equal(images * 255, pixels.reshape(-1, 784))
            np.testing.assert_array_equal(labels, digits)
            images += 1  # its own memory, to be changed


@pytest.fixture
def real(monkeypatch):
    """The folder with the real data, where there is one."""
    folder = os.environ.get("NNLIB_DATA") or Path(__file__).parents[2] / "shared" / "data"
    if not Path(folder).is_dir():
        pytest.skip("no real data here: set NNLIB_DATA to a folder that holds it")
    monkeypatch.setenv("NNLIB_DATA", str(folder))
    monkeypatch.setattr(fetching, "_from_cache_or_network", lambda file: (None, ["no network"]))

    def skip_if_absent(files):
        names = [name for file in files for name in file.names]
        if not any((Path(folder) / name).is_file() for name in names):
            pytest.skip(f"no {names[0]} in {folder}")

    return skip_if_absent


@pytest.mark.slow
@pytest.mark.parametrize(("train", "n", "sevens"), [(True, 60_000, 6265), (False, 10_000, 1028)])
def test_the_real_mnist(real, train, n, sevens):
    real(downloads.MNIST.values())
    images, labels = load_mnist(train)
    assert (images.shape, images.dtype) == ((n, 784), np.float32)
    assert (labels.shape, labels.dtype) == ((n,), np.int64)
    assert (images.min(), images.max()) == (0, 1)
    assert (labels == 7).sum() == sevens
    assert labels[:3].tolist() == ([5, 0, 4] if train else [7, 2, 1])
    assert abs(images.mean() - (0.1307 if train else 0.1325)) < 1e-4


def test_the_real_names(real):
    real([downloads.NAMES])
    names = load_names()
    assert (
        len(names) == len([name for name in names if name.isalpha() and name.islower()]) == 32_033
    )
    assert names[:3] == ["emma", "olivia", "ava"]


def test_the_common_names_are_the_head_of_the_real_ones(real):
    """The file lists the girls' names of one year by frequency, then the boys' from liam on."""
    real([downloads.NAMES])
    names = load_names()
    boys = names.index("liam", 10_000)
    in_turn = [name for pair in zip(names, names[boys:], strict=False) for name in pair]
    assert load_common_names() == list(dict.fromkeys(in_turn))[:1000]


def test_the_real_shakespeare(real):
    real([downloads.SHAKESPEARE])
    text = load_shakespeare()
    assert (len(text), len(set(text))) == (1_115_394, 65)
    assert text.startswith("First Citizen:\n")
