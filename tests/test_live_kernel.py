"""The Python side of a live page, without a browser."""

import importlib
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

OURS = Path(__file__).parents[1] / "live" / "python"
SPEC = importlib.util.spec_from_file_location("line_kernel", OURS / "line_kernel" / "__init__.py")
sys.modules["line_kernel"] = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sys.modules["line_kernel"])

from line_kernel import display  # noqa: E402
from line_kernel.assist import complete, explain  # noqa: E402
from line_kernel.cells import Cells  # noqa: E402
from line_kernel.errors import describe  # noqa: E402
from line_kernel.planning import needed  # noqa: E402
from line_kernel.pretty import pretty  # noqa: E402
from line_kernel.streams import MOST, Stream  # noqa: E402


@pytest.fixture
def cells():
    return Cells({"__name__": "__main__"})


def test_the_last_expression_is_shown_and_a_semicolon_hides_it(cells):
    assert cells.run("a", "x = 2\nx + 1") == (3, True)
    assert cells.run("a", "x + 1;") == (3, False)
    assert cells.run("a", "x + 1;  # quietly") == (3, False)
    assert cells.run("a", "'#;'") == ("#;", True)
    assert cells.run("a", "y = 1") == (None, False)
    assert cells.run("a", "# nothing") == (None, False)


def test_the_source_of_what_a_cell_defines_can_be_read(cells):
    import inspect

    cells.run("a", "def twice(x):\n    return 2 * x")
    assert inspect.getsource(cells.names["twice"]) == "def twice(x):\n    return 2 * x"


def test_a_hidden_cell_goes_on_after_a_claim_that_fails(cells):
    failed = []
    cells.run("a", "assert 1 == 2, 'one'\nx = 3\nassert x == 4, 'two'", failed.append)
    assert [str(error) for error in failed] == ["one", "two"]
    assert cells.names["x"] == 3


def test_an_error_shows_the_lines_of_the_reader_only(cells):
    cells.run("a", "import json\n\ndef read(text):\n    return json.loads(text)")
    with pytest.raises(ValueError) as caught:
        cells.run("b", "read('{')")
    told = describe(caught.value, cells)
    assert told["ename"] == "JSONDecodeError"
    assert [(f["cell"], f["line"], f["function"]) for f in told["frames"]] == [
        ("b", 1, ""),
        ("a", 4, "read"),
    ]
    assert "decoder.py" in told["inside"]


def test_a_syntax_error_names_line_and_column(cells):
    with pytest.raises(SyntaxError) as caught:
        cells.run("a", "x = 1\ny = (2")
    told = describe(caught.value, cells)
    assert (told["frames"][0]["line"], told["frames"][0]["column"]) == (2, 4)
    with pytest.raises(SyntaxError, match="are IPython's"):
        cells.run("a", "%timeit 1")
    assert cells.run("a", "%matplotlib inline\n1") == (1, True)


def test_a_deep_recursion_is_told_in_few_frames(cells):
    with pytest.raises(RecursionError) as caught:
        cells.run("a", "def f():\n    return f()\nf()")
    told = describe(caught.value, cells)
    assert len(told["frames"]) == 6
    assert told["left_out"] > 100


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        "a 'text'",
        [1, 2],
        (1,),
        (),
        {},
        set(),
        {"b": 1, "a": [1, 2]},
        {3, 1, 2},
        list(range(40)),
        {f"name {i}": list(range(i)) for i in range(30)},
        [np.zeros((2, 2)), np.ones(3)],
        (["a long text that fills a good part of a line"] * 3, 1),
        int,
        np.ndarray,
        {"x": {"y": {"z": ["some words to fill the line with", "and others still to follow"]}}},
        None,
        range(3),
    ],
    ids=lambda value: repr(value)[:25],
)
def test_values_are_written_as_in_a_notebook(value):
    from IPython.lib.pretty import pretty as notebooks

    assert pretty(value) == notebooks(value)


def test_a_value_is_shown_as_all_that_it_offers():
    class Rich:
        def __repr__(self):
            return "words"

        def _repr_html_(self):
            return "<b>words</b>"

    assert display.bundle(Rich()) == {"text/html": "<b>words</b>", "text/plain": "words"}
    assert list(display.bundle(Rich)) == ["text/plain"]  # the class, not one of it


def test_a_loop_that_prints_for_ever_is_cut():
    sent = []
    stream = Stream("stdout", lambda kind, **content: sent.append(content["text"]))
    for _ in range(MOST):
        stream.write("again\n")
    text = "".join(sent)
    assert len(text) < MOST + 100
    assert text.endswith("characters of an output.]\n")


def cell(name, source, ran=False, hidden=False):
    return {"id": name, "source": source, "ran": ran, "hidden": hidden}


def test_a_cell_needs_what_binds_its_names_and_what_may_have_changed_them():
    above = [
        cell("imports", "import numpy as np"),
        cell("data", "X = np.ones(3)"),
        cell("other", "Y = np.zeros(3)"),
        cell("change", "X[0] = 5"),
        cell("claim", "assert X[0] == 5", hidden=True),
    ]
    assert needed("X.sum()", above, set()) == ["imports", "data", "change"]
    assert needed("np.pi", above, set()) == ["imports"]
    assert needed("1 + 1", above, set()) == []
    above[0]["ran"] = above[1]["ran"] = True
    assert needed("X.sum()", above, {"np", "X"}) == []
    assert needed("Y", above, {"np", "X"}) == ["other"]


def test_a_function_takes_what_its_body_needs_and_an_edit_is_run_again():
    above = [
        cell("imports", "import numpy as np"),
        cell("wrong", "def f(x):\n    return"),
        cell("right", "def f(x):\n    return np.sum(x) + shift"),
        cell("shift", "shift = 1"),
    ]
    assert needed("f(1)", above[:1] + above[2:], set()) == ["imports", "right"]
    above[2]["ran"] = False
    assert "right" in needed("f(1)", above, {"f", "np"})


def test_a_message_is_json_and_printing_comes_before_what_is_shown():
    from line_kernel.kernel import Kernel

    sent = []
    kernel = Kernel(lambda message: sent.append(json.loads(message)))
    kernel.names["print"] = lambda text: kernel.streams[0].write(f"{text}\n")
    assert kernel.execute("a", "print('first')\n2")
    assert not kernel.execute("b", "1 / 0")
    assert [(m["type"], m["run"]) for m in sent] == [
        ("stream", "a"),
        ("display", "a"),
        ("done", "a"),
        ("error", "b"),
        ("done", "b"),
    ]
    assert sent[1]["data"] == {"text/plain": "2"}
    assert sent[1]["result"]


def test_a_notebook_opens_lines_of_its_own_and_pictures_pass_as_text(monkeypatch):
    import comm
    from line_kernel import comms
    from line_kernel.kernel import Kernel

    monkeypatch.setattr(comm, "create_comm", comm.create_comm)
    manager = comm.base_comm.CommManager()
    monkeypatch.setattr(comm, "get_comm_manager", lambda: manager)
    sent, opened = [], []
    kernel = Kernel(lambda message: sent.append(json.loads(message)))
    manager.register_target("echo", lambda line, message: opened.append((line, message)))
    content = {"comm_id": "x", "target_name": "echo", "data": {"a": 1}, "run": "request 7"}
    kernel.comm(json.dumps(content))
    line, message = opened[0]
    assert message["content"]["data"] == {"a": 1}
    line.on_msg(lambda message: line.send({"size": 3}, buffers=message["buffers"]))
    kernel.comm(json.dumps({"comm_id": "x", "data": {}, "run": "request 8", "buffers": ["AP8="]}))
    answer = next(each for each in sent if each["type"] == "comm")
    assert answer["run"] == "request 8"
    assert (answer["what"], answer["data"], answer["buffers"]) == (
        "comm_msg",
        {"size": 3},
        ["AP8="],
    )
    comms.receive({"comm_id": "gone", "data": {}})  # nobody is there: nothing happens


def test_a_notebook_is_told_how_a_name_goes_on_and_what_it_is():
    names = {"np": np, "table": [1, 2]}
    found = complete("x = np.linsp", 12, names)
    assert (found["matches"], found["start"], found["end"]) == (["linspace"], 7, 12)
    assert complete("tab", 3, names)["matches"] == ["table"]
    assert "append" in complete("table.", 6, names)["matches"]
    assert not [name for name in complete("np.", 3, names)["matches"] if name.startswith("_")]
    assert complete("missing.x", 9, names)["matches"] == []
    assert complete("1 + ", 4, {})["start"] == 4
    text = explain("np.linspace(0, f(1), ", 21, names)
    assert text.startswith("np.linspace(start, stop, num=50")
    assert "evenly spaced" in text
    assert explain("len(table)", 1, names).startswith("len(obj")
    assert explain("missing", 3, names) == ""


def test_the_stand_in_for_safetensors_writes_what_the_real_one_reads(tmp_path):
    import safetensors.numpy as real

    folder = OURS / "safetensors"
    spec = importlib.util.spec_from_file_location(
        "standin", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["standin"] = package
    spec.loader.exec_module(package)
    standin = importlib.import_module("standin.numpy")
    rng = np.random.default_rng(0)
    arrays = {
        "weight": rng.normal(size=(3, 2)).astype(np.float32),
        "bias": rng.normal(size=3),
        "steps": np.array(7),
        "mask": np.array([True, False]),
    }
    assert standin.save(arrays) == real.save(arrays)
    for loaded in (real.load(standin.save(arrays)), standin.load(real.save(arrays))):
        assert sorted(loaded) == sorted(arrays)
        for name, array in arrays.items():
            np.testing.assert_array_equal(loaded[name], array)
            assert loaded[name].dtype == array.dtype
    for broken in (b"", real.save(arrays)[:-1], b"\xff" * 20):
        with pytest.raises(package.SafetensorError):
            standin.load(broken)
