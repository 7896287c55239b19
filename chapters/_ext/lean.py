"""A Sphinx extension: a page asks for few and small files.

The theme brings a dozen style sheets, a dozen scripts and 850 kB of icons. Here the sheets become
one and the scripts become one before and one after the body; what no page of this book uses is left
out, and only pages with formulas load what sets them. The icons are in chapters/_static/icons.css.
"""

import hashlib
import re
from pathlib import Path
from posixpath import normpath
from shutil import rmtree
from urllib.parse import urlsplit

from sphinx.errors import ExtensionError

UNUSED = ("vendor/fontawesome/", "sphinx-design", "design-tabs.js", "togglebutton")
UNUSED_FOLDERS = ("vendor", "locales")
OWN_PLACE = ("mathjax/", "searchtools.js", "language_data.js", "page-")  # left as they are
TAG = {
    ".css": re.compile(r'[ \t]*<link\b[^>]*\bhref="(?P<address>[^"]+)"[^>]*>\n?'),
    ".js": re.compile(r'[ \t]*<script\b[^>]*\bsrc="(?P<address>[^"]+)"[^>]*></script>\n?'),
}
JOINED = {".css": '<link rel="stylesheet" href="{}">', ".js": '<script src="{}"></script>'}
FOR_UNUSED = re.compile(r"[ \t]*<script>[^<]*\btoggle(Hint|OpenOnPrint|button)[^<]*</script>\n?")
FORMULA = re.compile(r'class="([^"]* )?math\b')
MATHJAX = re.compile(r"[ \t]*<script\b[^>]*(>window\.MathJax\b|/mathjax/)[^\n]*\n")
IMPORT = re.compile(r"@import\s*['\"]([^'\"]+)['\"]\s*;?")
REFERENCE = re.compile(r"url\(\s*(['\"]?)(?!data:|#)([^'\")]+)\1\s*\)")


def lighten(app, exception):
    """Join what the pages ask for, once all of them are written."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    static = site / "_static"
    joined = set()
    for page in sorted(site.rglob("*.html")):
        head, end, body = page.read_text(encoding="utf-8").partition("</head>")
        if not end or static in page.parents:
            continue
        head = FOR_UNUSED.sub("", head)
        if not FORMULA.search(body):
            head = MATHJAX.sub("", head)
        head = join_tags(head, ".css", page, static, joined)
        head = join_tags(head, ".js", page, static, joined)
        body = join_tags(body, ".js", page, static, joined)
        page.write_text(head + end + body, encoding="utf-8")
    for name in joined:
        (static / name).unlink()
    for name in UNUSED_FOLDERS:
        rmtree(static / name, ignore_errors=True)
    for path in [*static.rglob("*.map"), *static.glob("*-macros.html")]:  # from which it was made
        path.unlink()


def join_tags(text, kind, page, static, joined):
    """Put one tag in the place of the first that asks for files of this kind; drop the others."""
    names = []

    def gather(found):
        name = below(static, page, found["address"])
        if (
            name is None
            or name.startswith(OWN_PLACE)
            or not (name.endswith(kind) or "preload" in found[0])
        ):
            return found[0]
        if name.startswith(UNUSED) or "preload" in found[0]:
            return ""
        names.append(name)
        return "\0" if len(names) == 1 else ""

    text = TAG[kind].sub(gather, text)
    if not names:
        return text
    joined.update(names)
    up = "../" * (len(page.relative_to(static.parent).parts) - 1)
    address = f"{up}_static/{join_files(names, kind, static)}"
    return text.replace("\0", f"    {JOINED[kind].format(address)}\n")


def below(static, page, address):
    """Give the name below _static of what a page asks for, or None if it is elsewhere."""
    path = normpath((page.parent / urlsplit(address).path).as_posix())
    start = f"{static.as_posix()}/"
    return path.removeprefix(start) if path.startswith(start) else None


def join_files(names, kind, static):
    """Write one file for many, called after its content, and return its name."""
    parts = [read(static, name) for name in names]
    content = ("\n" if kind == ".css" else "\n;\n").join(parts)
    one = f"page-{hashlib.sha256(content.encode()).hexdigest()[:10]}{kind}"
    (static / one).write_text(content, encoding="utf-8")
    return one


def read(static, name):
    """Read a file, its addresses seen from _static; a sheet with those that it imports."""
    text = (static / name).read_text(encoding="utf-8")
    if "currentScript" in text:
        raise ExtensionError(f"{name} asks where it was loaded from: it cannot be joined")
    folder = Path(name).parent
    text = re.sub(r"//# sourceMappingURL=.*|@charset [^;]*;", "", text)
    text = REFERENCE.sub(lambda at: f"url({normpath((folder / at[2]).as_posix())})", text)
    return IMPORT.sub(lambda at: read(static, normpath((folder / at[1]).as_posix())), text)


def setup(app):
    app.connect("build-finished", lighten, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
