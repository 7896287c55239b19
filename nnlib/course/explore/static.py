"""For pages with no kernel: frames computed beforehand, behind one native, labelled slider.

Everything is in the HTML itself: no script to load, the first frame visible without any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from .model import Control, Goal, Story

MOST_FRAMES = 25
NOTE = "Run this page as a notebook to move all controls."

_SHOW = (
    "var b=this.closest('.nn-frames'),i=this.value;"
    "b.querySelectorAll('figure').forEach(function(f,j){f.style.display=j==i?'':'none'});"
    "var t=this.dataset.values.split('|')[i];"
    "b.querySelector('output').textContent=t;this.setAttribute('aria-valuetext',t)"
)
_ANSWER = (
    "this.closest('.nn-guess').querySelectorAll('[data-answer]').forEach("
    "function(p){p.style.display=p.dataset.answer==event.target.value?'':'none'})"
)


def sweep(model: Any, goal: Goal | None, control: Control) -> Story:
    """Take a model through the values of one control, at most MOST_FRAMES of them."""
    values = spread(control.values, getattr(model, control.name), *_reaching(model, goal, control))
    states = {control.text(value): replace(model, **{control.name: value}) for value in values}
    return Story(control.label, states)


def frames(model: Any, goal: Goal | None, story: Story) -> str:
    """Draw every state of a story behind one slider.

    Parameters
    ----------
    model : Model
        The state to begin with, one of the story's.
    goal : Goal, optional
        Its task stands above; each frame says how far it is.
    story : Story
        What the slider goes through.

    Returns
    -------
    str
        HTML.
    """
    texts, states = list(story.states), list(story.states.values())
    first = states.index(model)
    figures = []
    for i, state in enumerate(states):
        hidden = "" if i == first else ' style="display:none"'
        words = escape(state.describe()) + (f"<br>{escape(goal.feedback(state))}" if goal else "")
        # The words are the picture's label already, so a screen reader is spared the caption.
        figures.append(
            f"<figure{hidden}>{state.svg()}"
            f'<figcaption aria-hidden="true" style="color:inherit;position:sticky;left:0">{words}'
            "</figcaption></figure>"
        )
    further = len(model.controls) > 1 or len(states) < len(model.controls[0].values)
    return (
        '<div class="nn-widget nn-frames">'
        + (f"<p><strong>{escape(goal.says)}</strong></p>" if goal else "")
        + f'<label>{escape(story.label)} <input type="range" min="0" max="{len(states) - 1}" '
        f'value="{first}" data-values="{escape("|".join(texts))}" '
        f'aria-valuetext="{escape(texts[first])}" oninput="{_SHOW}" '
        'style="vertical-align:middle;width:18rem;max-width:50vw"></label> '
        f"<output>{escape(texts[first])}</output>"
        # One box scrolls for all frames, where a page is too narrow for the picture.
        '<div aria-live="polite" tabindex="0" style="overflow-x:auto">'
        f"{''.join(figures)}</div>"
        + (f"<p><small>{NOTE}</small></p>" if further else "")
        + "</div>"
    )


def spread(values: tuple[Any, ...], *keep: Any) -> list[Any]:
    """Choose at most MOST_FRAMES values: both ends, those to keep, the others evenly spaced."""
    if len(values) <= MOST_FRAMES:
        return list(values)
    count = MOST_FRAMES - len(keep)
    places = {round(i * (len(values) - 1) / (count - 1)) for i in range(count)}
    return [values[i] for i in sorted(places | set(map(values.index, keep)))]


def _reaching(model: Any, goal: Goal | None, control: Control) -> list[Any]:
    """Choose one value that reaches the goal, so that it lies among the frames."""
    if goal is None or len(control.values) <= MOST_FRAMES:
        return []
    met = [v for v in control.values if goal.met(replace(model, **{control.name: v}))]
    return met[len(met) // 2 :][:1]


def radios(question: str, options: Mapping[str, str]) -> str:
    """Ask a question with native radio buttons; an answer shows its feedback."""
    name = "guess-" + "-".join(question.split())
    buttons = "".join(
        f'<label style="display:block"><input type="radio" name="{escape(name)}" '
        f'value="{escape(option)}" onchange="{_ANSWER}"> {escape(option)}</label>'
        for option in options
    )
    answers = "".join(
        f'<p data-answer="{escape(option)}" style="display:none">{escape(feedback)}</p>'
        for option, feedback in options.items()
    )
    return (
        f'<div class="nn-widget nn-guess"><fieldset><legend>{escape(question)}</legend>{buttons}'
        f'</fieldset><div role="status">{answers}</div></div>'
    )
