"""A Sphinx extension: what the text of a chapter cannot say of how it is set.

A full stop stays on the line of the formula that it follows. What stands under the title, one
sentence in the notebook, is three lines on the page: how long, what it needs, what it is for.
"""

import re

from docutils import nodes

CLOSING = re.compile(r"[.,;:)?!\N{RIGHT SINGLE QUOTATION MARK}]+")


def join_punctuation(app, doctree, docname):
    """Wrap a formula and the punctuation after it: the style sheet keeps the two together."""
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        closing = CLOSING.match(after) if isinstance(after, nodes.Text) else None
        if closing:
            joined = nodes.inline(classes=["nn-joined"])
            formula.replace_self(joined)
            joined += [formula, nodes.Text(closing[0])]
            after.parent.replace(after, nodes.Text(after[closing.end() :]))


def set_head(app, doctree):
    """Set the parts of a chapter's head each on a line of its own, upright."""
    for opening in doctree.findall(nodes.raw):
        if "chapter-head" not in opening.astext():
            continue
        paragraph = opening.next_node(nodes.paragraph, descend=False, siblings=True)
        (sentence,) = paragraph.children
        parts = [nodes.inline(classes=["nn-part"])]
        for piece in list(sentence.children):
            first, *others = piece.astext().split(" · ") if isinstance(piece, nodes.Text) else [""]
            parts[-1] += nodes.Text(first) if isinstance(piece, nodes.Text) else piece
            parts += [nodes.inline("", t[0].upper() + t[1:], classes=["nn-part"]) for t in others]
        paragraph.children = []
        for part in parts:
            paragraph += [part, nodes.Text(" ")]


def setup(app):
    app.connect("doctree-read", set_head)
    app.connect("doctree-resolved", join_punctuation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
