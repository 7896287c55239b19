"""A Sphinx extension: a full stop stays on the line of the formula that it follows."""

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


def setup(app):
    app.connect("doctree-resolved", join_punctuation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
