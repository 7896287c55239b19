"""A Sphinx extension: the neuron of the front page computes as it is moved, with nothing to load.

The page holds the frames of the widget, as every page does; a reader without JavaScript sees them.
With it, a few lines of script (neuron.js) put the neuron below in their place. The visitors, the
values of the sliders, the axes, the colours and the points are those of the library; the script
computes the rest, and tests/live/test_front.py holds it to what the library computes.
"""

import json
from html import escape
from pathlib import Path

import numpy as np
from docutils import nodes

from nnlib.activations import sigmoid
from nnlib.course.explore import neuron
from nnlib.course.explore.neuron import LEFT, MIDDLE, REACH, SIDE, TWO_WRONG, Neuron, visitors
from nnlib.course.pictures.field import colour, dots
from nnlib.course.pictures.svg import document

SCRIPT = Path(__file__).with_name("neuron.js")
START = Neuron(w1=0.75, w2=1.0, b=-11.0)  # as in the cell of the page
ASKED = 15  # the visitor who is looked at first: nearly in the middle
STEPS = {"w1": 0.05, "w2": 0.05, "b": 0.1}
FARTHEST = 6  # from this sum on, and below its negative, the colours hardly change


def live_neuron():
    """Give what the script puts in the place of the frames, and the script."""
    X, bought = visitors()
    who = [[*x, int(y)] for x, y in zip(X.tolist(), bought, strict=True)]
    facts = {
        "visitors": who,
        "asked": ASKED,
        "middle": MIDDLE,
        "reach": REACH,
        "side": SIDE,
        "farthest": FARTHEST,
    }
    return (
        f"<template id=\"neuron\" data-facts='{json.dumps(facts, separators=(',', ':'))}'>"
        f'<div class="nn-widget nn-neuron"><p><strong>{escape(TWO_WRONG.says)}</strong></p>'
        f'<div class="nn-scene">{scene(X, bought)}</div>'
        '<div class="nn-panel">'
        f'<p class="nn-score"><b data-is="wrong"></b> of {len(X)} on the wrong side</p>'
        f"{''.join(map(slider, Neuron.controls))}"
        '<p data-is="goal"></p></div>'
        f'<div class="nn-ledger">{LEDGER}</div>'
        '<p class="nn-unseen" role="status"></p></div></template>'
        f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
    )


LEDGER = """<p><span data-is="who"></span> <button type="button">Ask another</button></p>
<dl><div><dt>The neuron adds up</dt><dd data-is="sum"></dd><dd data-is="z"></dd></div>
<div><dt>and squeezes the sum</dt><dd data-is="squeezed"></dd><dd data-is="p"></dd></div>
<div><dt>The line of code</dt><dd><code>sigmoid(w @ x + b)</code></dd><dd data-is="line"></dd></div>
</dl><p data-is="says"></p>"""


def slider(control):
    """Make a slider with its label and its value, of finer steps than the frames have."""
    low, high = control.values[0], control.values[-1]
    return (
        f'<label>{escape(control.label)} <input type="range" name="{control.name}" min="{low:g}" '
        f'max="{high:g}" step="{STEPS[control.name]}" value="{getattr(START, control.name):g}">'
        f'<span data-is="{control.name}"></span></label>'
    )


def scene(X, bought):
    """Draw what does not move, and leave a place for what does."""
    sums = np.linspace(-FARTHEST, FARTHEST, 25)
    stops = "".join(
        f'<stop offset="{i / 24:.4f}" stop-color="{colour(float(p))}"/>'
        for i, p in enumerate(sigmoid(sums).data)
    )
    inside = (
        f'<linearGradient id="says" gradientUnits="userSpaceOnUse">{stops}</linearGradient>'
        f'<rect width="{SIDE}" height="{SIDE}" fill="url(#says)"/><path class="nn-line"/>'
        f'<path class="nn-wrong"/>{dots(X - MIDDLE, bought, REACH, SIDE)}'
        '<circle class="nn-asked" r="9"/><path class="nn-arrow"/>'
        '<path class="nn-push"/><circle class="nn-turn" r="7"/>'
    )
    body = f'<svg x="{LEFT}" width="{SIDE}" height="{SIDE}">{inside}</svg>{neuron.axes()}'
    return document(LEFT + SIDE + 8, SIDE + 44, body, START.describe())


def place(app, doctree):
    """Put it after the frames of the first page."""
    if app.env.docname != app.config.root_doc:
        return
    for box in doctree.findall(nodes.container):
        if box.get("nb_element") == "cell_code":
            live = nodes.raw("", live_neuron(), format="html")
            box.parent.insert(box.parent.index(box) + 1, live)
            return


def setup(app):
    app.connect("doctree-read", place)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
