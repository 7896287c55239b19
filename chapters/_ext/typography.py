"""A Sphinx extension: a full stop stays on the line of the formula that it follows."""

from docutils import nodes

WORD_JOINER = "\N{WORD JOINER}"
CLOSING = (".", ",", ";", ":", ")", "?", "!", "\N{RIGHT SINGLE QUOTATION MARK}")


def join_punctuation(app, doctree, docname):
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True, ascend=False)
        if isinstance(after, nodes.Text) and after.startswith(CLOSING):
            after.parent.replace(after, nodes.Text(WORD_JOINER + after))


def setup(app):
    app.connect("doctree-resolved", join_punctuation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
