"""The copies of the chapters that are opened as notebooks, and the links to them."""

import importlib
import json

import nbformat
import pytest

from tools import copies
from tools.console import Failure

PATHS = copies.chapters()
PUBLIC = "https://github.com/someone/nn-line-by-line"
each_chapter = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def text(cell):
    return "".join(cell["source"])


def tags(cell):
    return set(cell["metadata"].get("tags", []))


@each_chapter
def test_a_copy_is_the_chapter_with_what_the_book_hides_folded_away(path):
    before, after = json.loads(path.read_text(encoding="utf-8")), copies.folded(path)
    nbformat.validate(nbformat.from_dict(after))
    assert after["metadata"]["language_info"]["name"] == "python"  # else a dialog asks for one
    for old, new in zip(before["cells"], after["cells"], strict=True):
        view = new["metadata"].get("jupyter", {})
        hidden = "remove-cell" in tags(old)
        folded = bool(tags(old) & {"remove-cell", "remove-input"})
        folded |= old["metadata"].get("jupyter", {}).get("source_hidden", False)
        assert view.get("source_hidden", False) == folded
        if "hide-output" in tags(old):  # as that of a solution
            assert view["outputs_hidden"]
        if old["cell_type"] == "code":
            assert text(new) == (f"{copies.CHECKS}\n" if hidden else "") + text(old)
            assert new["outputs"] == old["outputs"]
        else:
            assert "{term}" not in text(new)
            assert "{cite" not in text(new)


@each_chapter
def test_a_copy_for_colab_begins_with_what_it_needs(path):
    notebook = copies.for_colab(path, PUBLIC)
    nbformat.validate(nbformat.from_dict(notebook))
    first, *rest = notebook["cells"]
    assert text(first).endswith(f'%pip install --quiet "nnlib[course] @ git+{PUBLIC}"')
    assert list(map(text, rest)) == list(map(text, copies.folded(path)["cells"]))
    hidden = [cell for cell in rest if "remove-cell" in tags(cell)]
    assert {cell["metadata"]["cellView"] for cell in hidden} == {"form"}


def test_a_link_to_the_glossary_is_a_word():
    line = "A {term}`bias`, two {term}`axes <axis>`; {cite:t}`hinton2012` and {cite}`a2020,b2021`."
    assert copies._plain(line) == "A bias, two axes; [hinton2012] and [a2020,b2021]."


def test_copies_are_written_where_the_repository_is_known(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("NNLIB_REPOSITORY", raising=False)
    with pytest.raises(Failure, match="NNLIB_REPOSITORY"):
        copies.main(["--to", str(tmp_path)])
    monkeypatch.setenv("NNLIB_REPOSITORY", f"{PUBLIC}.git/")
    copies.main(["--to", str(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in PATHS]
    assert f"git+{PUBLIC}" in (tmp_path / PATHS[0].name).read_text(encoding="utf-8")


@pytest.mark.parametrize("wrong", ["someone/nn", "https://gitlab.com/a/b", f"{PUBLIC}/tree/main"])
def test_an_address_that_is_no_repository_is_refused(monkeypatch, wrong):
    monkeypatch.setenv("NNLIB_REPOSITORY", wrong)
    with pytest.raises(Failure, match=r"https://github\.com/owner/name"):
        copies.repository()


@pytest.fixture
def page_links(monkeypatch):
    """Give the links that a chapter's page shows."""
    monkeypatch.syspath_prepend(copies.CHAPTERS / "_ext")
    module = importlib.import_module("elsewhere")

    def made(lite, repository):
        monkeypatch.setattr(module, "LITE", lite)
        monkeypatch.setattr(module, "REPOSITORY", repository)
        context = {
            "sourcename": "chapters/01-neurons.ipynb",
            "body": '<div class="chapter-head">\n<p>About</p>\n</div>\n<p>A shop</p>',
            "pathto": lambda name, _: f"../{name}",
        }
        module.add_links(None, "chapters/01-neurons", "page.html", context, True)
        head, _, rest = context["body"].partition('<p class="nn-notebook">')
        assert head.endswith("</div>\n")
        return rest.partition("</p>")[0]

    return made


def test_a_page_links_to_what_there_is_and_to_nothing_else(page_links):
    here = '<a href="../lite/notebooks/index.html?path=01-neurons.ipynb">Open as a notebook</a>'
    file = "../_sources/chapters/01-neurons.ipynb"
    download = f'<a href="{file}" download="01-neurons.ipynb">Download the notebook</a>'
    assert page_links("", "") == download
    assert page_links("1", "") == f"{here}\n{download}"
    assert page_links("1", PUBLIC) == (
        f"{here}\n{download}\n"
        '<a href="https://colab.research.google.com/github/someone/nn-line-by-line/blob/colab/'
        '01-neurons.ipynb">Colab</a>\n'
        '<a href="https://mybinder.org/v2/gh/someone/nn-line-by-line/HEAD'
        '?urlpath=lab%2Ftree%2Fchapters%2F01-neurons.ipynb">Binder</a>'
    )
