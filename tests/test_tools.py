"""The commands: that nothing stale is shown, nothing failing passes, and failures are told."""

import ast
import errno
import os
import socket
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import book, checks, commands, console, environment, lite, live, notebooks, serving
from tools.console import ROOT, Failure, Result
from tools.strict_notebooks import NOT_TEXT, SkipCompare

PYTHON = sys.executable


def good(output=""):
    return Result(0, output, 1.0)


# --- console -------------------------------------------------------------------------------------


def test_run_gives_back_code_and_output():
    result = console.run("t", [PYTHON, "-c", "print('out'); raise SystemExit(3)"], timeout=60)
    assert (result.code, result.output) == (3, "out\n")


def test_run_stops_what_does_not_end():
    with pytest.raises(Failure, match="t: stopped after 1 s"):
        console.run("t", [PYTHON, "-c", "input_ = __import__('time').sleep(600)"], timeout=1)


def test_run_says_what_could_not_start():
    with pytest.raises(Failure, match="could not start no-such-command"):
        console.run("t", ["no-such-command"], timeout=1)


# --- commands ------------------------------------------------------------------------------------


def test_the_entry_can_be_read_by_an_old_python():
    source = (ROOT / "tools" / "run.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert source.index("sys.version_info <") < source.index("from pathlib")


def test_every_command_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = next(line for line in makefile.splitlines() if line.startswith("help "))
    assert set(rule.rstrip(":").split()) == {"help", *commands.COMMANDS}


def test_unknown_command_lists_the_known_ones(capsys):
    assert commands.main(["nonsense"]) == 2
    assert commands.main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in commands.COMMANDS)


def test_failure_is_one_line_and_no_traceback(monkeypatch, capsys):
    def fail():
        raise Failure("the reason")

    monkeypatch.setattr(environment, "ensure", fail)
    assert commands.main(["setup"]) == 1
    assert capsys.readouterr().out == "  NO  the reason\n"


# --- environment ---------------------------------------------------------------------------------


@pytest.fixture
def venv(tmp_path, monkeypatch):
    """Put the environment elsewhere and record what would have been run."""
    ran = []

    def record(title, command, **_):
        ran.append(" ".join(map(str, command)))
        if "venv" in ran[-1].split():
            make(tmp_path / ".venv")
        return good()

    def make(place):
        interpreter = environment.python()
        interpreter.parent.mkdir(parents=True)
        if os.name == "nt":
            pytest.skip("an interpreter cannot be linked to on Windows")
        interpreter.symlink_to(PYTHON)

    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "ready")
    monkeypatch.setattr(environment, "run", record)
    return ran


@pytest.fixture(params=["uv", None], ids=["uv", "pip"])
def uv(request, monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda _: request.param)


def test_environment_is_made_once(venv, uv):
    environment.ensure()
    assert any("--require-hashes -r requirements.txt" in command for command in venv)
    assert any("--no-deps --no-build-isolation -e ." in command for command in venv)
    venv.clear()
    environment.ensure()
    assert venv == []


def test_environment_is_completed_when_the_lock_changes(venv, uv, monkeypatch):
    environment.ensure()
    venv.clear()
    made = environment.stamp()
    monkeypatch.setattr(environment, "stamp", lambda: made + "changed")
    environment.ensure()
    assert not any(" venv" in command for command in venv)
    assert any("requirements.txt" in command for command in venv)


@pytest.mark.parametrize("damage", ["no interpreter", "another version", "moved"])
def test_environment_that_is_no_good_is_made_anew(venv, uv, damage, monkeypatch):
    environment.ensure()
    if damage == "no interpreter":
        environment.python().unlink()
    elif damage == "another version":
        environment.STAMP.unlink()
        environment.python().unlink()
        environment.python().write_text("#!/bin/sh\necho 3.9\n", encoding="utf-8")
        environment.python().chmod(0o755)
    else:
        text = environment.STAMP.read_text(encoding="utf-8")
        environment.STAMP.write_text(text.replace(str(ROOT), "elsewhere"), encoding="utf-8")
    venv.clear()
    environment.ensure()
    assert any("venv" in command.split() for command in venv)
    assert environment.STAMP.read_text(encoding="utf-8") == environment.stamp()


def test_environment_that_failed_is_not_taken_as_ready(venv, uv, monkeypatch):
    record = environment.run

    def offline(title, command, **options):
        result = record(title, command, **options)
        failed = "requirements.txt" in command
        return Result(1, "error: dns error: no address", 1.0) if failed else result

    monkeypatch.setattr(environment, "run", offline)
    with pytest.raises(Failure, match="is this machine online"):
        environment.ensure()
    assert not environment.STAMP.exists()


def test_missing_venv_module_is_said_in_one_line(venv, monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda _: None)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Failure, match=r"sudo apt install python3\.\d+-venv"):
        environment.ensure()


def test_notebooks_run_quietly_and_on_one_thread(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    variables = environment.for_notebooks(NNLIB_STATIC="1")
    assert variables["OPENBLAS_NUM_THREADS"] == "1"
    assert variables["OMP_NUM_THREADS"] == "3", "what a person has set stays"
    assert variables["TQDM_DISABLE"] == variables["NNLIB_STATIC"] == "1"


# --- book ----------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project, and a builder that counts how often it was asked."""
    for name in ("requirements.txt", "pyproject.toml", "_config.yml", "_toc.yml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    for name in ("nnlib/a.py", "tools/b.py", "chapters/c.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name, encoding="utf-8")
    for module in (book, environment):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(book, "BUILD", tmp_path / "_build")
    monkeypatch.setattr(book, "SITE", tmp_path / "_build" / "html")
    monkeypatch.setattr(book, "RAN_ON", tmp_path / "_build" / "ran-on")
    monkeypatch.setattr(book, "BUILT", tmp_path / "_build" / "built-from")
    for part in (live, lite):
        name = part.__name__.removeprefix("tools.")
        monkeypatch.setattr(part, "TARGET", tmp_path / "_build" / name)
    builds = []

    def build(title, command, **_):
        if {"tools.live", "tools.lite"}.intersection(command):
            return Result(live.CANNOT, "without", 0.1)
        builds.append("cached" if (book.BUILD / "cache").exists() else "anew")
        book.SITE.mkdir(parents=True, exist_ok=True)
        (book.BUILD / "cache").touch()
        (book.SITE / "index.html").touch()
        return good()

    monkeypatch.setattr(book, "run", build)
    return tmp_path, builds


def test_book_is_built_once(project):
    _, builds = project
    book.build()
    book.build()
    assert builds == ["anew"]
    assert book.is_current()


@pytest.mark.parametrize("name", ["nnlib/a.py", "tools/b.py", "_config.yml", "requirements.txt"])
def test_book_is_built_anew_when_what_notebooks_run_on_changes(project, name):
    root, builds = project
    book.build()
    (root / name).write_text("changed", encoding="utf-8")
    assert not book.is_current()
    book.build()
    assert builds == ["anew", "anew"]


def test_book_is_built_anew_when_the_teacher_keeps_the_solutions(project, monkeypatch):
    _, builds = project
    book.build()
    monkeypatch.setenv("NNLIB_SOLUTIONS", "hide")
    assert not book.is_current()
    book.build()
    assert builds == ["anew", "anew"]


def test_book_gets_its_button_as_soon_as_pages_can_be_made_live(project, monkeypatch):
    _, builds = project
    book.build()
    assert not (book.SITE / "live").exists()

    def assemble():
        for part in (live, lite):
            part.TARGET.mkdir(exist_ok=True)
            (part.TARGET / "version").write_text("1 2", encoding="utf-8")

    monkeypatch.setattr(book, "assemble_live", assemble)
    book.build()
    book.build()
    assert builds == ["anew", "cached"]
    assert (book.SITE / "live" / "version").exists()
    assert (book.SITE / "lite" / "version").exists()
    assert book.is_current()
    for part in (live, lite):
        (part.TARGET / "version").write_text("3 4", encoding="utf-8")
        assert not book.is_current()
        (part.TARGET / "version").write_text("1 2", encoding="utf-8")


@pytest.mark.parametrize("name", ["chapters/c.md", "chapters/new.md", "_toc.yml"])
def test_book_keeps_its_executions_when_a_page_changes(project, name):
    root, builds = project
    book.build()
    (root / name).write_text("changed", encoding="utf-8")
    book.build()
    assert builds == ["anew", "cached"]


def test_book_whose_build_failed_is_built_again(project, monkeypatch):
    root, builds = project
    book.build()
    (root / "chapters" / "c.md").write_text("broken", encoding="utf-8")
    build = book.run
    monkeypatch.setattr(book, "run", lambda *a, **k: Result(1, "c.md: WARNING: bad", 1.0))
    for _ in range(2):
        with pytest.raises(Failure, match=r"c\.md: WARNING: bad"):
            book.build()
        assert not book.is_current()
    monkeypatch.setattr(book, "run", build)
    book.build()
    assert builds == ["anew", "cached"]


def test_book_names_the_notebook_the_cell_and_the_error():
    log = f"""\
{ROOT}{os.sep}chapters{os.sep}05-x.ipynb: WARNING: Executing notebook failed
nbclient.exceptions.CellExecutionError: An error occurred while executing the following cell:
1 / 0
\x1b[31mZeroDivisionError\x1b[0m: division by zero

The above exception was the direct cause of the following exception:

myst_nb.core.execute.base.ExecutionError: {ROOT}{os.sep}chapters{os.sep}05-x.ipynb
"""
    text = book.explain(log)
    assert text.splitlines()[0].endswith(f"not built: chapters{os.sep}05-x.ipynb failed")
    assert text.endswith("1 / 0\n      ZeroDivisionError: division by zero")


def test_book_lists_the_warnings_once():
    text = book.explain(
        "reading\na.md:3: WARNING: bad\n[App] WARNING | noise\na.md:3: WARNING: bad\n"
    )
    assert text.splitlines()[1:] == ["      a.md:3: WARNING: bad"]


def test_book_shows_the_end_of_a_log_without_warnings():
    assert book.explain("first\nlast").endswith("      first\n      last")


# --- serving -------------------------------------------------------------------------------------


def test_server_listens_to_this_machine_only(tmp_path):
    with serving.open_server(tmp_path, "0") as server:
        assert server.server_address[0] == "127.0.0.1"


def test_server_takes_the_next_free_port(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(serving, "FIRST_PORT", port)
        with serving.open_server(tmp_path, None) as server:
            assert server.server_address[1] > port
        with pytest.raises(Failure, match=f"port {port} is taken"):
            serving.open_server(tmp_path, str(port))


@pytest.mark.parametrize("port", ["http", "-1", "70000", "8.5"])
def test_server_refuses_what_is_no_port(tmp_path, port):
    with pytest.raises(Failure, match="PORT must be a number"):
        serving.open_server(tmp_path, port)


def test_server_reports_other_errors(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENETDOWN, "down")

    monkeypatch.setattr(serving, "Server", refuse)
    with pytest.raises(OSError, match="down"):
        serving.open_server(tmp_path, None)


def test_browser_stays_closed_when_asked_or_without_a_display(monkeypatch):
    monkeypatch.setattr(serving.platform, "system", lambda: "Linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("OPEN", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert serving.wants_browser()
    monkeypatch.setenv("OPEN", "0")
    assert not serving.wants_browser()
    monkeypatch.delenv("OPEN")
    monkeypatch.delenv("DISPLAY")
    assert not serving.wants_browser()


# --- notebooks -----------------------------------------------------------------------------------


def normal(*cells):
    notebook = new_notebook(metadata={"widgets": {}})
    notebook.cells = list(cells)  # nbformat would itself repair ids, at random
    notebooks.normalise(notebook)
    nbformat.validate(notebook)
    return notebook


def data(**kinds):
    return new_output("display_data", data={k.replace("__", "/"): v for k, v in kinds.items()})


def test_ids_are_kept_where_they_have_the_form():
    cells = [new_markdown_cell("a", id="c007"), new_code_cell("b", id="x"), new_code_cell("c")]
    again = [new_code_cell("d", id="c007"), new_markdown_cell("e", id="c000")]
    assert [cell.id for cell in normal(*cells, *again).cells] == [
        *("c007", "c001", "c002", "c003", "c000")
    ]


def test_normal_form_stays_as_it_is():
    once = normal(new_code_cell("1", outputs=[data(text__plain="1")]), new_markdown_cell("m"))
    twice = nbformat.from_dict(once)
    notebooks.normalise(twice)
    assert nbformat.writes(twice) == nbformat.writes(once)


def test_counts_run_through_the_code_cells():
    cells = normal(new_code_cell("a", execution_count=9), new_markdown_cell("m"), new_code_cell(""))
    assert [cell.execution_count for cell in cells.cells if cell.cell_type == "code"] == [1, 2]


def test_metadata_is_tags_and_what_the_book_reads():
    noisy = {"tags": ["t"], "mystnb": {"figure": 1}, "jupyter": {"a": 1}, "collapsed": True}
    cell = normal(new_code_cell("a", metadata=noisy)).cells[0]
    assert dict(cell.metadata) == {"tags": ["t"], "mystnb": {"figure": 1}, "jupyter": {"a": 1}}
    assert set(normal().metadata) == {"kernelspec", "language_info"}


def test_only_text_is_kept_of_an_output():
    picture = data(text__plain="<Figure>", image__png="AAAA", text__html="<b>", image__svg="<svg/>")
    gone = data(image__png="AAAA")
    widget = nbformat.from_dict(
        {
            "output_type": "display_data",
            "metadata": {"isolated": True},
            "data": {
                "text/plain": "IntSlider()",
                "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
                "application/papermill.record/text/plain": "1",
            },
        }
    )
    outputs = normal(new_code_cell("a", outputs=[picture, gone, widget])).cells[0].outputs
    assert [dict(output.data) for output in outputs] == [
        {"text/plain": "<Figure>"},
        {"text/plain": "IntSlider()"},
    ]
    assert outputs[1].metadata == {}


def test_streams_are_joined():
    pieces = [("stdout", "a"), ("stderr", "!"), ("stdout", "b")]
    cell = new_code_cell("a", outputs=[new_output("stream", name=n, text=t) for n, t in pieces])
    outputs = normal(cell).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "ab"), ("stderr", "!")]


def test_starter_cells_are_written_from_the_exercises():
    tagged = new_code_cell("old", metadata={"tags": ["starter", "exercise:5.1"]})
    plain, words = new_code_cell("mine"), new_markdown_cell("words")
    notebook = new_notebook(cells=[tagged, plain, words])
    notebooks.synchronise(notebook, lambda name: f"def answer():  # {name}\n    ...\n")
    assert [cell.source for cell in notebook.cells] == [
        *("def answer():  # 5.1\n    ...", "mine", "words")
    ]


def test_starter_cell_must_name_its_exercise():
    notebook = new_notebook(cells=[new_code_cell("x", metadata={"tags": ["starter"]})])
    with pytest.raises(Failure, match=r"one tag like exercise:5\.1"):
        notebooks.synchronise(notebook, str)


def test_failing_cell_is_shown_with_the_end_of_its_traceback():
    bad = new_code_cell("1 / 0", outputs=[new_output("error", ename="E", evalue="", traceback=[])])
    notebook = new_notebook(cells=[new_markdown_cell("m"), new_code_cell("1"), bad])
    text = notebooks.complaint(notebook, "x.ipynb", "many lines\n\x1b[31mE\x1b[0m: by zero")
    assert text.splitlines()[0] == "x.ipynb, code cell 2 of 2:"
    assert "| 1 / 0" in text
    assert text.endswith("E: by zero")


@pytest.mark.slow
def test_notebook_is_executed_away_from_the_project_and_compared(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    path = tmp_path / "n.ipynb"
    source = "import pathlib\nprint(6 * 7)\nlist(pathlib.Path().iterdir())"
    nbformat.write(new_notebook(cells=[new_code_cell(source)]), path)
    assert notebooks.main([str(path)]) == 0
    outputs = nbformat.read(path, 4).cells[0].outputs
    assert outputs[0].text == "42\n"
    assert outputs[1].data["text/plain"] == "[]"
    assert notebooks.main(["--check", str(path)]) == 0

    stored = path.read_text(encoding="utf-8").replace("42\\n", "43\\n")
    path.write_text(stored, encoding="utf-8")
    assert notebooks.main(["--check", str(path)]) == 1
    assert "differs from what it computes" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == stored

    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    assert notebooks.main([str(path)]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert path.read_bytes() == before


# --- checks --------------------------------------------------------------------------------------


def test_a_failing_step_does_not_hide_the_next(monkeypatch, capsys):
    codes = iter([0, 1, 0])
    monkeypatch.setattr(checks, "run", lambda *a, **k: Result(next(codes), "said", 1.0))
    assert not checks.run_steps(*(checks.Step(title, ["python"]) for title in ("a", "b", "c")))
    shown = capsys.readouterr().out.splitlines()
    assert [line[:7].strip() for line in shown if "(1.0 s)" in line] == ["ok  a", "NO  b", "ok  c"]
    assert "      said" in shown
    assert "1 of 3 steps failed" in shown[-1]


def test_a_step_that_hangs_is_a_failure(monkeypatch):
    def hang(*_, **__):
        raise Failure("stopped after 900 s without an end")

    monkeypatch.setattr(checks, "run", hang)
    assert not checks.run_step(checks.Step("a", ["python"]))


def test_what_was_skipped_is_said_with_its_reason():
    output = (
        "SKIPPED [2] tests/a.py:1: no torch\nSKIPPED [1] tests/b.py:9: no torch\n"
        "SKIPPED [1] tests/c.py:3: no GPU\n==== 46 passed, 4 skipped in 2.31s ====\n"
    )
    assert checks.counts(output) == "46 passed, 4 skipped"
    assert checks.skips(output) == ["3: no torch", "1: no GPU"]


def test_only_what_is_no_text_is_left_out_of_the_comparison():
    skipped = SkipCompare(("image/png", *NOT_TEXT))
    assert "application/papermill.record/text/plain" in skipped
    assert "text/html" in skipped
    for compared in ("text/plain", "stdout", "stderr", "text/latex", "ename", "application/json"):
        assert compared not in skipped


def test_notebooks_are_compared_strictly():
    arguments = checks.NOTEBOOKS.command
    assert "--nbval" in arguments
    assert "--nbval-lax" not in arguments
    assert "--nbval-cell-timeout" in arguments


# --- the lock ------------------------------------------------------------------------------------


def test_lock_is_exact_hashed_and_names_no_host():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert "http" not in text
    assert "index" not in text
    for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines():
        name = line.partition("#")[0].partition("==")[0].strip()
        assert not name or any(package.startswith(f"{name}==") for package in packages), name
