"""Chapter 14: what a move is worth. `backpropagation.py` says how to add an exercise."""

import numpy as np

from nnlib.course.exercises.exercise import Case, Misconception
from nnlib.course.exercises.kinds import function

# Learners' code: wrong answers ignore their arguments, and nothing of it is annotated.
# ruff: noqa: ARG001, ARG005, D401
# mypy: allow-untyped-defs, allow-untyped-calls


# 14.2 ------------------------------------------------------------------------------------------


def worth(values, boards, won):
    """What each of N moves is worth to the player who made it: (N,).

    boards (N, 9) is the board after the move, 0 where a cell is free; values
    (N, 9) is what the network says of each cell for the other player, who
    is to move. won (N,) is True where the move has won the game.
    """
    # <solution>
    open_to_them = np.where(boards == 0, values, -np.inf)
    best_reply = open_to_them.max(axis=1)
    full = (boards != 0).all(axis=1)
    return np.where(won, 1.0, np.where(full, 0.0, -best_reply))  # (14.2)
    # </solution>


def _positions(rng: np.random.Generator) -> list[Case]:
    def draw(count: int) -> Case:
        boards = rng.integers(-1, 2, size=(count, 9))
        boards[np.arange(count), rng.integers(9, size=count)] = 0
        boards[-1] = rng.permutation([1, 1, 1, 1, 1, -1, -1, -1, -1])  # a full one
        return rng.normal(size=(count, 9)).round(2), boards, rng.random(count) < 0.3

    here = np.array([0.9, -0.5, 0.4, -0.2, 0.8, -0.7, 0.3, 0.6, -0.1])
    board = np.array([1, 0, -1, 0, 1, 0, -1, 1, -1])  # free: 1, 3 and 5, all of them bad
    return [
        (here[None], board[None], np.array([False])),
        (
            np.array([here, here, -here]),
            np.array([board, [1, -1, 1, 1, -1, -1, -1, 1, 1], [-1, 0, 0, 0, 1, 0, 0, 0, 0]]),
            np.array([True, False, False]),
        ),
        draw(6),
        draw(9),
        draw(14),
        # A network may say less than -1, although no game ends worse.
        (here[None] - 1.5, board[None], np.array([False])),
    ]


def _full_and_won(rng: np.random.Generator) -> list[Case]:
    full = np.array([[1, -1, 1, -1, 1, -1, 1, -1, 1], [1, -1, 1, 1, -1, -1, -1, 1, 1]])
    return [(rng.normal(size=(2, 9)), full, np.array([True, False]))]


def _else(reply, drawn=0.0, win=1.0):
    """The solution with another idea of the reply, a draw, or a win."""

    def answer(values, boards, won):
        replies = reply(values, boards)
        full = (boards != 0).all(axis=1)
        return np.where(won, win, np.where(full, drawn, replies))

    return answer


def _masked(values, boards, other=-np.inf):
    return np.where(boards == 0, values, other)


def _goes_on_after_the_end(values, boards, won):
    free = np.where(boards == 0, values, -np.inf).max(axis=1)
    return np.where((boards != 0).all(axis=1), 0.0, -free)


def _win_and_reply(values, boards, won):
    free = np.where(boards == 0, values, -np.inf).max(axis=1)
    return won + np.where((boards != 0).all(axis=1), 0.0, -free)


def _full_is_a_draw(values, boards, won):
    free = np.where(boards == 0, values, -np.inf).max(axis=1)
    return np.where((boards != 0).all(axis=1), 0.0, np.where(won, 1.0, -free))


def _no_full_board(values, boards, won):
    return np.where(won, 1.0, -np.where(boards == 0, values, -np.inf).max(axis=1))


def _full_boards_read(values, boards, won):
    free = np.where(boards == 0, values, -np.inf).max(axis=1)
    full = (boards != 0).all(axis=1)
    return np.where(won, 1.0, np.where(full, -values.max(axis=1), -free))


def _whole_batch(values, boards, won):
    best = np.where(boards == 0, values, -np.inf).max()
    return np.where(won, 1.0, np.where((boards != 0).all(axis=1), 0.0, -best))


def _highest_then_looked(values, boards, won):
    best = values.argmax(axis=1)
    rows = np.arange(len(values))
    free = boards[rows, best] == 0
    return np.where(won, 1.0, np.where(free, -values[rows, best], 0.0))


def _the_cell(values, boards, won):
    cell = np.where(boards == 0, values, -np.inf).argmax(axis=1)
    return np.where(won, 1.0, np.where((boards != 0).all(axis=1), 0.0, cell))


def _one_by_one(values, boards, won):
    answers = []
    for row, board, win in zip(values, boards, won, strict=True):
        free = [value for value, cell in zip(row, board, strict=True) if cell == 0]
        answers.append(1.0 if win else -max(free) if free else 0.0)
    return np.array(answers)


def _with_a_masked_array(values, boards, won):
    best = np.ma.array(values, mask=boards != 0).max(axis=1)
    return np.where(won, 1, -np.ma.filled(best, 0))


def _smallest_of_turned(values, boards, won):
    turned = np.where(boards == 0, -values, 1e9).min(axis=1)
    turned[(boards != 0).sum(axis=1) == 9] = 0
    turned[won] = 1
    return turned


WORTH = function(
    "14.2",
    "What a move is worth",
    worth,
    _positions,
    hints=(
        (
            "After your move the other player looks at the board. What will they do, and whose "
            "gain is it?"
        ),
        (
            "Three kinds of rows: the move has won, nothing is free any more, the game goes on. "
            "Only the third kind asks the network."
        ),
        (
            "Give cells that are taken a value that no maximum chooses, take the largest of each "
            "row, and turn its sign; then overwrite the rows of full boards by 0 and of won games "
            "by 1."
        ),
    ),
    misconceptions=(
        Misconception(
            "not-turned",
            _else(lambda v, b: _masked(v, b).max(axis=1)),
            "You count the other player's gain as your own. If their best reply is worth 0.9 to "
            "them, what is your move worth to you?",
            tempting="The network gives values, and the best of them looks like what is to come.",
        ),
        Misconception(
            "takes-taken-cells",
            _else(lambda v, b: -v.max(axis=1)),
            "Your other player moves onto cells that are taken. The network gives a number for "
            "each of the nine; which of them are moves?",
            tempting="There are nine numbers, one for each cell, and the largest of them is the "
            "best.",
        ),
        Misconception(
            "mask-by-zero",
            _else(lambda v, b: -(v * (b == 0)).max(axis=1)),
            "A taken cell counts as 0, and where all free cells are bad, 0 wins. What number "
            "never wins a maximum?",
            tempting="Multiplying by a mask of zeros and ones takes things out of a sum, and so it "
            "seems to take them out of anything.",
        ),
        Misconception(
            "mask-by-a-loss",
            _else(lambda v, b: -_masked(v, b, -1.0).max(axis=1)),
            "A taken cell counts as −1. No game ends worse, but the network only estimates, and it "
            "may say less than −1 of every free cell. What number never wins a maximum?",
            tempting="A loss is the worst there is, so a cell that counts as a loss seems never to "
            "be chosen.",
        ),
        Misconception(
            "mask-turned-round",
            _else(lambda v, b: -np.where(b != 0, v, -np.inf).max(axis=1)),
            "Your other player chooses among the cells that are taken. Which number on the board "
            "stands for a free one?",
            tempting="In code, 0 reads as no, and a cell that says no seems to be the one to leave "
            "out.",
        ),
        Misconception(
            "discounted",
            _else(lambda v, b: -0.9 * _masked(v, b).max(axis=1)),
            "You make what comes later worth less. In a game of at most nine moves a win is a win, "
            "and the rule here has no such factor.",
            tempting="Books on learning by reward multiply the future by a factor just below 1.",
        ),
        Misconception(
            "worst-reply",
            _else(lambda v, b: -_masked(v, b, np.inf).min(axis=1)),
            "Your other player picks the reply that is worst for them. The values are theirs: what "
            "do they look for?",
            tempting="What is good for me is bad for them, so a smallest value seems to be due "
            "somewhere.",
        ),
        Misconception(
            "smallest-unturned",
            _else(lambda v, b: _masked(v, b, np.inf).min(axis=1)),
            "The smallest of their values, as it is. Turning the values round turns a largest into "
            "a smallest, but it turns the number too.",
            tempting="In minimax the other player takes the minimum.",
        ),
        Misconception(
            "mean-reply",
            _else(
                lambda v, b: (
                    -np.where(b == 0, v, 0).sum(axis=1) / np.maximum((b == 0).sum(axis=1), 1)
                )
            ),
            "The mean over all replies is what a player gets who moves at random. This one picks.",
            tempting="It is not known what the other player will do, and a mean is what one takes "
            "for the unknown.",
        ),
        Misconception(
            "goes-on-after-the-end",
            _goes_on_after_the_end,
            "The game is won, and your code still asks for a reply. What is a move worth that has "
            "won?",
            tempting="The rule for a move in the middle of the game covers every row at once.",
        ),
        Misconception(
            "win-and-reply",
            _win_and_reply,
            "A move that has won gets 1 and then the value of a reply that nobody will make.",
            tempting="A reward, plus what comes after it, is the general rule for games that go "
            "on.",
        ),
        Misconception(
            "win-is-lost",
            _else(lambda v, b: -_masked(v, b).max(axis=1), win=-1.0),
            "You give a won game to the other player. Who made the move that is being valued?",
            tempting="The board is seen with the other player's eyes, and for them the game is "
            "lost.",
        ),
        Misconception(
            "draw-is-a-loss",
            _else(lambda v, b: -_masked(v, b).max(axis=1), drawn=-1.0),
            "A full board without a line is a draw. Between a win, 1, and a loss, −1, what is it "
            "worth?",
            tempting="Whoever has not won has lost something.",
        ),
        Misconception(
            "draw-is-a-win",
            _else(lambda v, b: -_masked(v, b).max(axis=1), drawn=1.0),
            "A full board ends the game, but it is nobody's win.",
            tempting="The game is over, and games that are over have the value that ends them.",
        ),
        Misconception(
            "draw-is-half",
            _else(lambda v, b: -_masked(v, b).max(axis=1), drawn=0.5),
            "A draw counts half where a loss counts 0. Here a loss counts −1: what lies in the "
            "middle?",
            tempting="In tournaments a draw is half a point.",
        ),
        Misconception(
            "full-boards-read",
            _full_boards_read,
            "On a full board there is no reply, and yet you take the largest of the nine values.",
            tempting="The network has a number for every board, so there is always one to take.",
        ),
        Misconception(
            "no-full-board",
            _no_full_board,
            "Where no cell is free, nothing is left to take the largest of. What is a game worth "
            "that ends so?",
            tempting="Most games end with a line, and the last empty cell is seldom in mind.",
        ),
        Misconception(
            "whole-batch",
            _whole_batch,
            "One number for all boards. Each row is a game of its own: over which axis is the best "
            "reply?",
            tempting="For a single board the largest of all is the largest of the row.",
        ),
        Misconception(
            "best-cell-or-nothing",
            _highest_then_looked,
            "You look at the best of all nine cells first, and give up where it is taken. There "
            "are other cells.",
            tempting="First choose, then check whether it is allowed: so rules are often applied.",
        ),
        Misconception(
            "the-cell",
            _the_cell,
            "That is which cell they would take, a number from 0 to 8. What is it worth to them?",
            tempting="The best reply is a cell, and that cell has a number.",
        ),
        Misconception(
            "full-before-won",
            _full_is_a_draw,
            "The ninth stone can complete a line. Then the board is full and the game is won: "
            "which of the two counts?",
            tempting="A full board looks like a draw, and lines come earlier as a rule.",
        ),
    ),
    stress=_full_and_won,
    also_right=(_one_by_one, _with_a_masked_array, _smallest_of_turned),
    equivalent={
        "best_reply = open_to_them.max(axis=-1)": "of two axes the last is axis 1",
        "full = (boards != 0).all(axis=-1)": "of two axes the last is axis 1",
    },
)
