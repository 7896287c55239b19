"""A Sphinx extension: under the head of a chapter, where it can be had as a notebook.

In the browser (JupyterLite) only where the build has put that together (tools/lite.py), which says
so in NNLIB_LITE. In Colab and on Binder only where NNLIB_REPOSITORY names the public repository,
which is where both take the notebook from. The file itself is always there.
"""

import os
import re
from html import escape
from pathlib import Path
from urllib.parse import quote

LITE = os.environ.get("NNLIB_LITE", "")
REPOSITORY = os.environ.get("NNLIB_REPOSITORY", "")  # as tools/book.py has checked it
GITHUB = "https://github.com/"
HEAD = re.compile(r'<div class="chapter-head[^"]*">.*?</div>', re.DOTALL)


def add_links(app, pagename, templatename, context, doctree):
    """Put the links after the head of a chapter."""
    source = str(context.get("sourcename", ""))
    if doctree and source.endswith(".ipynb") and (head := HEAD.search(context["body"])):
        made = "\n".join(line(context["pathto"], Path(source).name, f"_sources/{source}"))
        paragraph = f'\n<p class="nn-notebook">{made}</p>'
        context["body"] = context["body"][: head.end()] + paragraph + context["body"][head.end() :]


def line(pathto, name, copy):
    """Give the links, one after the other."""
    if LITE:
        address = f"{pathto('lite/notebooks/index.html', 1)}?path={quote(name)}"
        yield link(address, "Open as a notebook")
    yield link(pathto(copy, 1), "Download the notebook", f' download="{escape(name)}"')
    if REPOSITORY.startswith(GITHUB):
        place = REPOSITORY.removeprefix(GITHUB)
        yield link(f"https://colab.research.google.com/github/{place}/blob/colab/{name}", "Colab")
        opened = quote(f"lab/tree/chapters/{name}", safe="")
        yield link(f"https://mybinder.org/v2/gh/{place}/HEAD?urlpath={opened}", "Binder")


def link(address, text, more=""):
    return f'<a href="{escape(address)}"{more}>{text}</a>'


def setup(app):
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
