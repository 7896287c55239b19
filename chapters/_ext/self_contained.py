"""A Sphinx extension: the site asks no other host for anything.

MathJax is copied from the package that carries it, the few files that a page can ask for. Scripts
that would let a page start a kernel on somebody else's server are taken out.
"""

from importlib.metadata import files
from pathlib import Path
from shutil import copyfile

from sphinx.errors import ExtensionError

PACKAGE = "sphinx-mathjax-offline"
NEEDED = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def copy_mathjax(app, exception):
    if exception or app.builder.format != "html":
        return
    found = 0
    for source in files(PACKAGE) or ():
        name = source.as_posix().partition("static/mathjax/")[2]
        if name.startswith(NEEDED):
            target = Path(app.outdir, "_static", "mathjax", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(source.locate(), target)
            found += 1
    if not found:
        raise ExtensionError(f"{PACKAGE} holds none of {NEEDED}: the formulas would stay raw")


def remove_thebe(app, config):
    """Jupyter Book always loads sphinx-thebe: take out what it listens to and its style sheet."""
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if each.handler.__module__ != "sphinx_thebe"]
    styles = app.registry.css_files
    styles[:] = [each for each in styles if each[0] != "sphinx-thebe.css"]


def setup(app):
    app.connect("config-inited", remove_thebe, priority=10)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
