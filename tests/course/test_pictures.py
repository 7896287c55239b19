"""Pictures: words, ink, ids, and the same bytes each time."""

import base64
import io
import re
import struct
import wave
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest

import nnlib
from nnlib.course import claim, figure, graph, network, show_source, sound, subplots
from nnlib.course.pictures import PALETTE, Edge, Node
from nnlib.course.pictures.field import png
from nnlib.course.sources import without_docstrings


def plot():
    fig, axes = subplots(1, 2)
    axes[0].plot([1, 2, 3], [3.0, 1.0, 0.5], label="loss")
    axes[0].plot([1, 2, 3], [3.0, 2.0, 1.5], label=r"$\eta^2$")
    axes[0].set_xlabel("epoch")
    axes[0].legend()
    axes[1].imshow(np.arange(4).reshape(2, 2))
    return fig


def test_a_figure_is_labelled_and_its_text_is_the_label():
    shown = figure(plot(), alt='The loss falls, from 3 to "0.5" & stays.')
    bundle = shown._repr_mimebundle_()
    root = ET.fromstring(shown.svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == bundle["text/plain"] == repr(shown)


@pytest.mark.parametrize("alt", [None, "", "  "], ids=repr)
def test_a_figure_without_words_is_refused(alt):
    with pytest.raises(ValueError, match="alt="):
        figure(plot(), alt=alt)


def test_a_figure_is_the_same_bytes_each_time():
    assert figure(plot(), alt="a").svg == figure(plot(), alt="a").svg


def test_a_figure_is_drawn_in_the_ink_of_the_page():
    svg = figure(plot(), alt="a").svg
    assert "#000000" not in svg
    assert "stroke: currentColor" in svg
    assert ET.fromstring(svg).get("fill") == "currentColor"
    assert "#ffffff" not in svg.lower()


def test_a_figure_styles_nothing_but_itself_and_loads_nothing():
    svg = figure(plot(), alt="a").svg
    assert "<style" not in svg
    assert "<metadata" not in svg
    addresses = re.findall(r'(?:href|src)="([^"]*)"', svg)
    assert all(address.startswith(("#", "data:")) for address in addresses)


def test_two_figures_share_no_id_and_refer_to_their_own():
    first, second = (figure(plot(), alt=alt).svg for alt in ("one", "two"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip((first, second), ids, strict=True):
        used = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg))
        assert used
        assert all(set(filter(None, pair)) <= own for pair in used)


def test_axes_stand_for_their_figure_and_pyplot_forgets_it():
    plt = pytest.importorskip("matplotlib.pyplot")
    fig, axes = plt.subplots()
    assert figure(axes, alt="Empty axes.").alt == "Empty axes."
    assert fig.number not in plt.get_fignums()


def test_series_differ_in_colour_and_in_line():
    _, axes = subplots()
    lines = [axes.plot([0, i])[0] for i in range(len(PALETTE))]
    assert [line.get_color() for line in lines] == list(PALETTE)
    assert len({repr(line.get_linestyle()) + repr(line._dash_pattern) for line in lines}) == 5


def test_a_drawing_brings_its_own_words_or_takes_others():
    drawing = network([2, 3, 1])
    assert repr(figure(drawing)) == "A network with layers of 2, 3, 1 units, inputs first."
    assert ET.fromstring(figure(drawing, alt="Mine.").svg).get("aria-label") == "Mine."
    with pytest.raises(ValueError, match="aria-label"):
        figure("<svg></svg>")


def test_a_network_draws_each_unit_and_each_weight():
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(3, 2)), rng.normal(size=(1, 3))]
    svg = network([2, 3, 1], weights=weights, activations=[[1, 2], [0.5, -0.25, 0], [0.9]])
    root = ET.fromstring(svg)
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len(titles) == 9
    assert f"weight 1[2, 0] = {weights[0][2, 0]:.3g}".replace("-", "−") in titles
    assert svg.count("stroke-dasharray") == sum(int((w < 0).sum()) for w in weights)
    assert ">−0.25<" in svg


def test_a_large_layer_is_drawn_with_a_gap():
    svg = network([64, 10])
    assert svg.count("<circle") == 8 + 10
    assert "⋮" in svg


def test_a_graph_draws_boxes_arrows_and_what_is_set_off():
    nodes = {"x": Node("x", "2"), "y": Node("y = x²", "4", "dL/dy 1"), "L": Node("L")}
    edges = [Edge("x", "y", "× 4"), Edge("y", "L"), Edge("x", "L")]
    svg = graph(nodes, edges, alt="a < b", active={"y", ("x", "y")})
    root = ET.fromstring(svg)
    assert root.get("aria-label") == "a < b"
    assert svg.count("<rect") == 3
    assert svg.count("<polygon") == 3
    assert svg.count('stroke-width="3') == 2
    assert ">× 4<" in svg


def test_boxes_of_a_graph_do_not_overlap():
    nodes = {name: Node(name) for name in "abcdefg"}
    edges = [Edge(*pair) for pair in ("ad", "bd", "ce", "de", "ef", "af", "fg")]
    svg = graph(nodes, edges, alt="seven")
    corners = [
        tuple(map(float, each)) for each in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', svg)
    ]
    for i, (x, y) in enumerate(corners):
        assert all(abs(x - u) >= 88 or abs(y - v) >= 60 for u, v in corners[:i])


def test_a_field_is_a_png_with_the_right_pixels():
    data = base64.b64decode(png(np.array([[0.0, 0.5, 1.0], [1.0, 1.0, 0.0]])).split(",")[1])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (3, 2)
    chunks, place = {}, 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (crc,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert crc == zlib.crc32(kind + body)
        chunks[kind], place = body, place + 12 + length
    assert list(zlib.decompress(chunks[b"IDAT"])) == [0, 0, 16, 31, 0, 31, 31, 0]
    red_first, red_last = chunks[b"PLTE"][0], chunks[b"PLTE"][-3]
    assert red_first < red_last


def test_a_field_takes_values_outside_its_range():
    assert png(np.array([[-5.0, 9.0]])) == png(np.array([[0.0, 1.0]]))


# --- Sources --------------------------------------------------------------------------------------


def test_the_source_of_a_primitive_is_the_rule_with_its_derivatives():
    text = repr(show_source(nnlib.mul))
    assert text.startswith("@primitive\ndef mul(")
    assert "lambda g" in text
    assert '"""' not in text
    assert '"""' in repr(show_source(nnlib.sigmoid, docstring=True))


def test_a_source_is_shown_as_it_stands():
    bundle = show_source(claim)._repr_mimebundle_()
    assert bundle["text/plain"].endswith('that is not what was computed.")')
    assert "<pre" in bundle["text/html"]


def test_docstrings_go_and_comments_stay():
    source = '''\
class A:
    """Words."""

    x = """not a docstring"""

    def f(self):
        """One.

        Two.
        """
        # why
        return 1

    def g(self):
        """Only words."""
'''
    assert (
        without_docstrings(source)
        == '''\
class A:
    x = """not a docstring"""

    def f(self):
        # why
        return 1

    def g(self):
        """Only words."""
'''
    )


# --- Sounds ---------------------------------------------------------------------------------------


def test_a_sound_is_the_array_that_went_in_as_loud_as_can_be():
    samples = np.array([0.0, 0.5, -0.5, 0.25])
    shown = sound(samples, 4000, alt="A click & a pop.")
    with wave.open(io.BytesIO(shown.wav)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (4000, 1, 1)
        played = np.frombuffer(wav.readframes(9), dtype=np.uint8).astype(int)
    assert played.tolist() == [127, 247, 7, 187]
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == repr(shown) == "A click & a pop."
    assert 'aria-label="A click &amp; a pop."' in bundle["text/html"]
    assert "autoplay" not in bundle["text/html"]


def test_silence_is_a_sound_and_a_table_is_not():
    assert set(sound(np.zeros(5), 4000, alt="Nothing.").wav[-5:]) == {127}
    with pytest.raises(ValueError, match="one row of samples"):
        sound(np.zeros((2, 3)), 4000, alt="Two at once.")
