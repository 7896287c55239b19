"""A Sphinx extension: the tables of the page Measured, made from what the benchmarks wrote."""

import json
from html import escape
from statistics import median

from docutils import nodes
from outline import CHAPTERS
from sphinx.util.docutils import SphinxDirective

MEASURED = CHAPTERS.parent / "benchmarks" / "measured"
SETTINGS = {"pinned": "speed-pinned.json", "free": "speed-free.json"}


def read(name: str):
    """Return what a program wrote."""
    return json.loads((MEASURED / name).read_text(encoding="utf-8"))


def where(environment) -> str:
    """Say on what it was measured."""
    versions = {"Python": environment["python"], **environment["versions"]}
    versions.pop("threadpoolctl", None)
    libraries = ", ".join(f"{name} {version}" for name, version in versions.items())
    cores = environment["cores"]
    return f"{environment['processor']}, {cores} cores, {environment['system']}; {libraries}."


def table(head: list[str], rows: list[list[str]], note: str) -> str:
    """Write a table that scrolls by itself on a narrow screen, with a line below it."""
    cells = "".join(f'<th scope="col">{each}</th>' for each in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        '<div class="nn-measured" tabindex="0" role="region" aria-label="'
        + escape(f"Table: {', '.join(head)}")
        + '">'
        f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>"
        f'<p class="nn-note">{escape(note)}</p>'
    )


def verdict(met: bool) -> str:
    """Say whether a goal was met, in a word as well as in colour."""
    return '<span class="nn-met">met</span>' if met else '<strong class="nn-missed">missed</strong>'


def percent(share: float) -> str:
    """Write a share as the published figures are written, on one line."""
    return f"{100 * share:.2f}\N{NO-BREAK SPACE}%"


def results() -> str:
    """Give what each network reached beside its goal and the published figure."""
    rows = []
    for _, result in sorted(read("results.json").items()):
        share = result["unit"].startswith("accuracy")
        number = percent if share else "{:.4f}".format
        spread = ""
        if len(result["figures"]) > 1:
            ends = (number(end) for end in (min(result["figures"]), max(result["figures"])))
            spread = f"<small>{len(result['figures'])} seeds: {' to '.join(ends)}</small>"
        bound = "at most" if result["lower_is_better"] else "at least"
        minutes = sum(result["seconds"]) / len(result["seconds"]) / 60
        rows.append(
            [
                f"<code>{result['name']}</code><small>{escape(result['what'])}</small>",
                f"{number(result['mean'])}<small>{escape(result['unit'])}</small>{spread}",
                f"{bound} {number(result['must'])}: {verdict(result['met'])}",
                escape(result["published"]),
                f"{minutes:.1f}" if minutes >= 0.1 else "under 0.1",
            ]
        )
    environment = next(iter(read("results.json").values()))["environment"]
    head = ["network", "reached", "goal", "published", "minutes a seed"]
    return table(head, rows, f"Measured on {where(environment)} One thread.")


def speed() -> str:
    """Give every goal of speed, in both settings."""
    by_goal: dict[str, dict[str, dict]] = {}
    for setting, name in SETTINGS.items():
        for goal in read(name)["goals"]:
            by_goal.setdefault(goal["goal"], {})[setting] = goal
    rows = []
    for name, found in by_goal.items():
        work, _, peer = name.rpartition(", against ")
        cells = []
        for setting in SETTINGS:
            goal = found[setting]
            low, middle, high = goal["measured"]
            cells.append(
                f"{middle:.2f} <small>({low:.2f} to {high:.2f})</small>"
                f"<small>goal {goal['least']:.2f}: {verdict(goal['met'])}</small>"
            )
        rows.append([escape(work), escape(peer), *cells])
    reports = {setting: read(name) for setting, name in SETTINGS.items()}
    pinned = reports["pinned"]
    loads = " and ".join(f"{each['environment']['load']:.1f}" for each in reports.values())
    note = (
        f"{pinned['rounds']} rounds, processor time, on {where(pinned['environment'])} Pinned to "
        f"{pinned['environment']['blas_variables'].get('OPENBLAS_CORETYPE', 'nothing')}. When it "
        f"began, so many programs were waiting for the cores: {loads}; on a busy machine the "
        "figures are less sure than their quartiles say."
    )
    return table(["work", "against", "pinned", "free"], rows, note)


def memory() -> str:
    """Give the peaks of memory."""
    report = read("memory.json")
    libraries = list(report["peaks"][0]["MB"])
    rows = [
        [each["network"], *(f"{each['MB'][who]:.0f} MB" for who in libraries)]
        for each in report["peaks"]
    ]
    return table(["network", *libraries], rows, f"Measured on {where(report['environment'])}")


LIVE = {  # what tools/live_speed.py calls it, and how it is said
    "requests before": ("files that a page asks for", "{:.0f}"),
    "MB before": ("their size", "{:.2f} MB"),
    "MB live": ("loaded to make it live", "{:.1f} MB"),
    "s to ready": ("from the button to a page that runs", "{:.1f} s"),
    "ms slider, median": ("from a slider to its new picture", "{:.0f} ms"),
}


def live() -> str:
    """Give what a live page weighs and how fast it is."""
    report = read("live.json")
    rows = []
    for goal in report["goals"]:
        words, number = LIVE[goal["what"]]
        low, middle, high = (f(goal["first"]) for f in (min, median, max))
        ends = [number.format(end) for end in (low, high)]
        spread = f"<small>{' to '.join(ends)}</small>" if ends[0] != ends[1] else ""
        rows.append(
            [
                words,
                f"at most {number.format(goal['most'])}: {verdict(goal['met'])}",
                f"{number.format(middle)}{spread}",
                number.format(goal["again"]),
            ]
        )
    found = report["environment"]
    note = (
        f"Chapter {int(report['chapter'][:2])}, {report['browser']}, a server on the same machine: "
        f"{found['processor']}, {found['cores']} cores, {found['system']}. When it began, so many "
        f"programs were waiting for the cores: {found['load'] or 0:.1f}."
    )
    return table(["what", "goal", "first visit", "second visit"], rows, note)


def directive(made):
    """Make a directive of a function that writes HTML."""

    class Measured(SphinxDirective):
        def run(self):
            for path in sorted(MEASURED.glob("*.json")):
                self.env.note_dependency(str(path))
            return [nodes.raw("", made(), format="html")]

    return Measured


def setup(app):
    for made in (results, speed, memory, live):
        app.add_directive(f"measured-{made.__name__}", directive(made))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
