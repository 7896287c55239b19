"""What opens a chapter as a notebook: put together from a pinned app, or not at all."""

import io
import json
import re
import tarfile
import tomllib
import zipfile

import pytest

from tools import copies, lite, live, packing
from tools.console import Failure

PIN = tomllib.loads((live.SOURCE / "runtime.toml").read_text("utf-8"))["notebook"][lite.NAME]
APP = {
    "index.html": "<html><head></head></html>",
    "notebooks/index.html": "<html><head></head></html>",
    "jupyter-lite.json": json.dumps({"jupyter-config-data": {"baseUrl": "./"}}),
    "build/1.js": "1",
    "build/1.js.map": "{}",
    "build/fa-solid.svg": "<svg/>",
    "lab/index.html": "<html></html>",
    "build/lab/bundle.js": "2",
}


def wheel(files):
    """Make a wheel like the app's: an archive inside another."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content.encode()))
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("app/app.tgz", inner.getvalue())
        archive.writestr("app.dist-info/LICENSE", "BSD")
    return packing.Wheel(lite.NAME, "1", "app.whl", outer.getvalue())


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Give a place to build in, with live pages put together beside it."""
    monkeypatch.setattr(lite, "TARGET", tmp_path / "lite")
    monkeypatch.setattr(live, "TARGET", tmp_path / "live")
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / live.VERSION).write_text("abc def")
    monkeypatch.setattr(live, "from_index", lambda name, pin: wheel(APP))
    return tmp_path / "lite"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_app_is_there_without_what_nobody_loads(place):
    lite.assemble()
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"build/1.js", "notebooks/index.html", "LICENSE"} <= there
    assert not there & {"build/1.js.map", "build/fa-solid.svg", "lab/index.html"}
    assert "build/lab/bundle.js" not in there
    assert 'rel="icon"' in (place / "notebooks" / "index.html").read_text(encoding="utf-8")


def test_the_app_is_told_of_its_python_its_controls_and_the_chapters(place):
    lite.assemble()
    settings = read(place / "jupyter-lite.json")["jupyter-config-data"]
    assert settings["baseUrl"] == "./"
    for extension in settings["federated_extensions"]:
        assert (place / "extensions" / extension["name"] / extension["load"]).is_file()
    script = next((place / "extensions" / lite.KERNEL).iterdir()).read_text(encoding="utf-8")
    assert "/live/notebook.js?v=abc" in script
    listed = read(place / "api" / "contents" / settings["contentsAllJsonFile"])["content"]
    assert [entry["name"] for entry in listed] == [path.name for path in copies.chapters()]
    for entry in listed:
        file = place / "files" / entry["path"]
        assert file.stat().st_size == entry["size"]
        assert read(file) == copies.folded(copies.CHAPTERS / entry["name"])
    schemas = read(place / "build" / "schemas" / "all_federated.json")
    assert {each["id"] for each in schemas} == {f"{lite.CONTROLS}:plugin"}


def test_it_is_put_together_once(place, monkeypatch):
    version = lite.assemble()
    monkeypatch.setattr(live, "from_index", lambda name, pin: pytest.fail("again"))
    assert lite.assemble() == version == lite.current()
    (live.TARGET / live.VERSION).write_text("new def")
    with pytest.raises(pytest.fail.Exception, match="again"):
        lite.assemble()


def test_without_live_pages_or_a_network_there_is_none_and_it_says_why(place, monkeypatch, capsys):
    def offline(name, pin):
        raise live.Unavailable("no network here")

    monkeypatch.setattr(live, "from_index", offline)
    assert lite.main() == live.CANNOT
    assert "no network here" in capsys.readouterr().out
    (live.TARGET / live.VERSION).unlink()
    assert lite.main() == live.CANNOT
    assert "live pages" in capsys.readouterr().out
    assert not place.exists()


def test_an_archive_does_not_write_elsewhere(place, monkeypatch):
    monkeypatch.setattr(live, "from_index", lambda name, pin: wheel({"../../out.txt": "x"}))
    with pytest.raises(Failure, match="not to be unpacked"):
        lite.assemble()


def test_the_app_is_pinned():
    assert re.fullmatch(r"[0-9a-f]{64}", PIN["sha256"])
    assert PIN["version"]
