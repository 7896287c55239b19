"""A Sphinx extension: every cell can be found by its id, and a page with cells can be made live.

The button is there only where the build has assembled what it starts (tools/live.py), and says so
in NNLIB_LIVE with the version of it: a button that cannot do anything is never shown.
"""

import json
import os
from pathlib import Path

from docutils import nodes

VERSION = os.environ.get("NNLIB_LIVE", "")


def name_cells(app, doctree):
    """Give the box of each code cell the id that the cell has in its notebook."""
    path = app.env.doc2path(app.env.docname)
    if not path.endswith(".ipynb"):
        return
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    for box in doctree.findall(nodes.container):
        if box.get("nb_element") == "cell_code":
            box["ids"].append(f"cell-{cells[box['cell_index']]['id']}")


def add_button(app, pagename, templatename, context, doctree):
    """Load the page's script, and tell it where the page's notebook is."""
    if not (VERSION and doctree and str(context.get("sourcename", "")).endswith(".ipynb")):
        return
    boxes = doctree.findall(nodes.container)
    if not any(box.get("nb_element") == "cell_code_source" for box in boxes):
        return
    notebook = context["pathto"]("_sources/" + context["sourcename"], 1)
    load(context, "page.js", f' data-notebook="{notebook}"')


def load(context, script, more=""):
    """Let a page load one of the scripts, with their style sheet."""
    address = context["pathto"]
    context["metatags"] = context.get("metatags", "") + (
        f'<link rel="stylesheet" href="{address("live/page.css", 1)}?v={VERSION}">'
        f'<script type="module" src="{address(f"live/{script}", 1)}?v={VERSION}"{more}></script>'
    )


def setup(app):
    app.add_config_value("live_version", VERSION, "html")
    app.connect("doctree-read", name_cells)
    app.connect("html-page-context", add_button)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
