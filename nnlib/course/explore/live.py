"""For a live kernel: ordinary ipywidgets, those that versions 7 and 8 share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from .model import Action, Control, Goal

MIME = "application/vnd.jupyter.widget-view+json"


def view(widget: Any) -> dict[str, Any]:
    """Refer to a widget in an output, as both versions do."""
    return {MIME: {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}}


def panel(
    model: Any, goal: Goal | None, move: Callable[..., Any], act: Callable[[Action], Any]
) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Build sliders over a picture.

    Parameters
    ----------
    model : Model
        The state to begin with.
    goal : Goal, optional
        Its task and feedback are shown.
    move : callable
        `move(**values)` gives the model with the controls at these values.
    act : callable
        `act(action)` gives the model after one of its actions.

    Returns
    -------
    tuple
        The box to show, the widgets by the names of their controls, and the buttons by the names
        of their controls or actions.
    """
    import ipywidgets

    picture, words = ipywidgets.HTML(), ipywidgets.HTML()
    widgets = {control.name: _widget(control, model) for control in model.controls}
    buttons = {
        control.name: _button(control, widgets[control.name])
        for control in model.controls
        if control.step
    }

    def draw(state: Any) -> None:
        feedback = f"<br>{escape(goal.feedback(state))}" if goal else ""
        picture.value = state.svg()
        words.value = f'<p role="status">{escape(state.describe())}{feedback}</p>'

    def moved(_: Any) -> None:
        draw(move(**{name: widget.value for name, widget in widgets.items()}))

    for widget in widgets.values():
        widget.observe(moved, "value")
    deeds = {action.name: _deed(action, act, draw) for action in getattr(model, "actions", ())}
    draw(model)
    task = [ipywidgets.HTML(f"<strong>{escape(goal.says)}</strong>")] if goal else []
    rows = [
        ipywidgets.HBox([widgets[name], buttons[name]]) if name in buttons else widgets[name]
        for name in widgets
    ]
    rows += [ipywidgets.HBox(list(deeds.values()))] if deeds else []
    return ipywidgets.VBox([*task, *rows, picture, words]), widgets, buttons | deeds


def _widget(control: Control, model: Any) -> Any:
    """Make a slider for numbers, a list for words."""
    import ipywidgets

    options = [(control.text(value), value) for value in control.values]
    words = all(isinstance(value, str) for value in control.values)
    make = ipywidgets.Dropdown if words else ipywidgets.SelectionSlider
    return make(
        options=options,
        value=getattr(model, control.name),
        description=control.label,
        style={"description_width": "initial"},
    )


def _button(control: Control, slider: Any) -> Any:
    """Make a button that moves a slider one value on; at the end it stays."""
    import ipywidgets

    button = ipywidgets.Button(description=control.step)

    def forward(_: Any) -> None:
        place = control.values.index(slider.value)
        slider.value = control.values[min(place + 1, len(control.values) - 1)]

    button.on_click(forward)
    return button


def _deed(action: Action, act: Callable[[Action], Any], draw: Callable[[Any], None]) -> Any:
    """Make a button that does an action and shows where it led."""
    import ipywidgets

    button = ipywidgets.Button(description=action.caption, layout={"width": "auto"})
    button.on_click(lambda _: draw(act(action)))
    return button


def question(text: str, options: Mapping[str, str]) -> tuple[Any, Any, Any]:
    """Ask with radio buttons: the box, the buttons, and where the feedback appears."""
    import ipywidgets

    buttons = ipywidgets.RadioButtons(
        options=list(options), value=None, layout={"width": "max-content"}
    )
    answer = ipywidgets.HTML()

    def respond(change: Mapping[str, Any]) -> None:
        answer.value = f'<p role="status">{escape(options.get(change["new"], ""))}</p>'

    buttons.observe(respond, "value")
    box = ipywidgets.VBox([ipywidgets.HTML(f"<strong>{escape(text)}</strong>"), buttons, answer])
    return box, buttons, answer
