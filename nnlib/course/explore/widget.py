"""`explore` and `guess`: the same widget live in a notebook and as frames on a page.

The environment variable NNLIB_STATIC=1, set by the book's build, chooses the frames; so does a
Python without ipywidgets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from . import live, static
from .model import Action, Goal, Story


def is_static() -> bool:
    """Whether widgets are to be frames in a page."""
    return os.environ.get("NNLIB_STATIC") == "1" or find_spec("ipywidgets") is None


class Exploration:
    """A model with its controls, shown live or as frames.

    Parameters
    ----------
    model : Model
        The state to begin with.
    goal : Goal, optional
        What to reach.
    sweep : str, optional
        The control that the frames of a page go through.
    story : Story, optional
        The states that they go through instead; for a model with actions.
    """

    def __init__(
        self,
        model: Any,
        goal: Goal | None = None,
        sweep: str | None = None,
        story: Story | None = None,
    ) -> None:
        names = [control.name for control in model.controls]
        if len(names) > 3:
            raise ValueError(f"A widget has at most three controls; {names} are {len(names)}.")
        if sweep is not None and sweep not in names:
            raise ValueError(f"There is no control {sweep!r}; there are {', '.join(names)}.")
        if story is not None and model not in story.states.values():
            raise ValueError("The story does not hold the state that it begins with.")
        self.model, self.goal, self._story = model, goal, story
        self._sweep = model.controls[0 if sweep is None else names.index(sweep)]

    def __repr__(self) -> str:
        words: str = self.model.describe()
        return f"{words}\n{self.goal.feedback(self.model)}" if self.goal else words

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if is_static():
            story = self._story or static.sweep(self.model, self.goal, self._sweep)
            html = static.frames(self.model, self.goal, story)
            return {"text/plain": repr(self), "text/html": html}
        return {"text/plain": repr(self), **live.view(self.box)}

    def _move(self, **values: Any) -> Any:
        self.model = replace(self.model, **values)
        return self.model

    def _act(self, action: Action) -> Any:
        self.model = action.do(self.model)
        return self.model

    @cached_property
    def _panel(self) -> tuple[Any, dict[str, Any], dict[str, Any]]:
        return live.panel(self.model, self.goal, self._move, self._act)

    @property
    def box(self) -> Any:
        """The live widget."""
        return self._panel[0]

    @property
    def controls(self) -> dict[str, Any]:
        """The live sliders by name."""
        return self._panel[1]

    @property
    def buttons(self) -> dict[str, Any]:
        """The live buttons by the name of the control that they step, or of their action."""
        return self._panel[2]


def explore(
    model: Any,
    goal: Goal | None = None,
    *,
    sweep: str | None = None,
    story: Story | None = None,
) -> Exploration:
    """Show a model with its controls.

    Parameters
    ----------
    model : Model
        A frozen dataclass with `controls`, `metrics()`, `describe()` and `svg()`.
    goal : Goal, optional
        A target; the widget says when it is reached, and why not yet.
    sweep : str, optional
        Which control the frames of a page go through; the first if not given.
    story : Story, optional
        The states that they go through instead.

    Returns
    -------
    Exploration
        Sliders in a notebook; frames behind one slider on a page; `describe()` as text in both.

    Examples
    --------
    >>> from nnlib.course.explore.graph_stepper import GraphStepper
    >>> explore(GraphStepper("shared", w=2.0, x=3.0))
    Step 0 of 9. Known: w = 2, x = 3. Nothing is computed yet.
    """
    return Exploration(model, goal, sweep, story)


class Guess:
    """A prediction to make before looking."""

    def __init__(self, question: str, options: Mapping[str, str]) -> None:
        self.question, self.options = question, dict(options)

    def __repr__(self) -> str:
        return "\n".join([self.question, *(f"( ) {option}" for option in self.options)])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if is_static():
            html = static.radios(self.question, self.options)
            return {"text/plain": repr(self), "text/html": html}
        return {"text/plain": repr(self), **live.view(self.live[0])}

    @cached_property
    def live(self) -> tuple[Any, Any, Any]:
        """The live box, its radio buttons, and where the feedback appears."""
        return live.question(self.question, self.options)


def guess(question: str, options: Mapping[str, str]) -> Guess:
    """Ask for a prediction before anything is shown.

    Parameters
    ----------
    question : str
        One sentence.
    options : mapping
        From each answer to the feedback that it gets.

    Returns
    -------
    Guess
        Radio buttons; the question and its options as text.

    Examples
    --------
    >>> guess("Does the line move?", {"yes": "Try it below.", "no": "Then what changes?"})
    Does the line move?
    ( ) yes
    ( ) no
    """
    return Guess(question, options)
