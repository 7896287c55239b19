"""Data sets that are too large to come along: downloaded once, checked, kept in a cache.

A file of your own is taken instead if the environment variable ``NNLIB_DATA`` names its folder.
"""

from __future__ import annotations

import numpy as np

from nnlib.data.batching import NumPyArray
from nnlib.data.fetching import RemoteFile, fetch


def _idx_files(
    dataset: str, mirrors: tuple[str, ...], digests: dict[str, tuple[str, str]]
) -> dict[str, RemoteFile]:
    """Describe the four files of MNIST, or of a data set that took over their names."""
    return {
        name: RemoteFile(
            names=(f"{dataset}-{name}.gz", f"{name}.gz", f"{dataset}-{name}", name),
            urls=tuple(f"{mirror}{name}.gz" for mirror in mirrors),
            digest=digest,
            content=content,
        )
        for name, (digest, content) in digests.items()
    }


MNIST = _idx_files(
    "mnist",
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    {
        "train-images-idx3-ubyte": (
            "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "sha256:ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        "train-labels-idx1-ubyte": (
            "md5:d53e105ee54ea40749a09fcbcd1e9432",
            "sha256:65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        "t10k-images-idx3-ubyte": (
            "md5:9fb629c4189551a2d022fa330f9573f3",
            "sha256:0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        "t10k-labels-idx1-ubyte": (
            "md5:ec29112dd5afa0611ce80d1b7f02629c",
            "sha256:ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    },
)

FASHION_MNIST = _idx_files(
    "fashion-mnist",
    (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    {
        "train-images-idx3-ubyte": ("md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d", ""),
        "train-labels-idx1-ubyte": ("md5:25c81989df183df01b3e8a0aad5dffbe", ""),
        "t10k-images-idx3-ubyte": ("md5:bef4ecab320f06d8554ea6380940ec79", ""),
        "t10k-labels-idx1-ubyte": ("md5:bb300cfdad3c16e7a12a480ee83cd310", ""),
    },
)


def _github(repository: str, commit: str, path: str) -> tuple[str, str]:
    """Return two addresses of a file of a public repository."""
    return (
        f"https://raw.githubusercontent.com/{repository}/{commit}/{path}",
        f"https://cdn.jsdelivr.net/gh/{repository}@{commit}/{path}",
    )


NAMES = RemoteFile(
    names=("names.txt",),
    urls=_github("karpathy/makemore", "988aa59e4d8fefa526d06f3b453ad116258398d4", "names.txt"),
    digest="sha256:0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d",
)

SHAKESPEARE = RemoteFile(
    names=("tinyshakespeare_input.txt", "input.txt"),
    urls=_github(
        "karpathy/char-rnn",
        "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e",
        "data/tinyshakespeare/input.txt",
    ),
    digest="sha256:86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)


def load_mnist(train: bool = True) -> tuple[NumPyArray, NumPyArray]:
    """Return the MNIST handwritten digits, downloaded at the first call.

    Parameters
    ----------
    train : bool, default True
        The 60,000 training examples, or the 10,000 for testing.

    Returns
    -------
    images : numpy.ndarray of float32
        The grey levels from 0, no ink, to 1. ``images[i].reshape(28, 28)`` is a picture.
    labels : numpy.ndarray of int64
        The digit that each image shows, 0 to 9.

    Raises
    ------
    FileNotFoundError
        If the files are nowhere and cannot be downloaded; the message says what to do.

    Notes
    -----
    Shape: images (60000, 784) or (10000, 784), labels (60000,) or (10000,).

    References
    ----------
    Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits", commonly
    listed under the licence CC BY-SA 3.0.

    Examples
    --------
    >>> images, labels = load_mnist()  # doctest: +SKIP
    >>> images.shape  # doctest: +SKIP
    (60000, 784)
    """
    return _images_and_labels(MNIST, train)


def load_fashion_mnist(train: bool = True) -> tuple[NumPyArray, NumPyArray]:
    """Return the Fashion-MNIST pictures of clothes, downloaded at the first call.

    Parameters
    ----------
    train : bool, default True
        The 60,000 training examples, or the 10,000 for testing.

    Returns
    -------
    images : numpy.ndarray of float32
        The grey levels from 0 to 1. ``images[i].reshape(28, 28)`` is a picture.
    labels : numpy.ndarray of int64
        0 T-shirt or top, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker,
        8 bag, 9 ankle boot.

    Raises
    ------
    FileNotFoundError
        If the files are nowhere and cannot be downloaded; the message says what to do.

    Notes
    -----
    Shape: images (60000, 784) or (10000, 784), labels (60000,) or (10000,).

    References
    ----------
    H. Xiao, K. Rasul and R. Vollgraf (2017), "Fashion-MNIST: a Novel Image Dataset for
    Benchmarking Machine Learning Algorithms", https://arxiv.org/abs/1708.07747, licence MIT.

    Examples
    --------
    >>> images, labels = load_fashion_mnist(train=False)  # doctest: +SKIP
    >>> images.shape  # doctest: +SKIP
    (10000, 784)
    """
    return _images_and_labels(FASHION_MNIST, train)


def load_names() -> list[str]:
    """Return 32,033 first names in lower case, downloaded at the first call.

    Returns
    -------
    list of str
        The names, in the order of the file.

    Raises
    ------
    FileNotFoundError
        If the file is nowhere and cannot be downloaded; the message says what to do.

    References
    ----------
    United States Social Security Administration, names of the year 2018, as published in
    https://github.com/karpathy/makemore under the licence MIT.

    Examples
    --------
    >>> load_names()[:3]  # doctest: +SKIP
    ['emma', 'olivia', 'ava']
    """
    return fetch(NAMES)[0].decode("ascii").split()


def load_shakespeare() -> str:
    """Return 1,115,394 characters of Shakespeare's plays, downloaded at the first call.

    Returns
    -------
    str
        The text, made of 65 different characters.

    Raises
    ------
    FileNotFoundError
        If the file is nowhere and cannot be downloaded; the message says what to do.

    References
    ----------
    The file "tiny Shakespeare" of https://github.com/karpathy/char-rnn. The text is in the public
    domain.

    Examples
    --------
    >>> load_shakespeare()[:14]  # doctest: +SKIP
    'First Citizen:'
    """
    return fetch(SHAKESPEARE)[0].decode("ascii")


def _images_and_labels(files: dict[str, RemoteFile], train: bool) -> tuple[NumPyArray, NumPyArray]:
    part = "train" if train else "t10k"
    images, labels = fetch(files[f"{part}-images-idx3-ubyte"], files[f"{part}-labels-idx1-ubyte"])
    pixels = _from_idx(images)
    scaled = np.divide(pixels.reshape(len(pixels), -1), 255, dtype=np.float32)
    return scaled, _from_idx(labels).astype(np.int64)


def _from_idx(content: bytes) -> NumPyArray:
    """Read the idx format: a magic number that ends in the number of axes, lengths, then bytes."""
    axes = content[3]
    shape = np.frombuffer(content, ">u4", count=axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)
