"""Chapter 9, convolution: sizes and parameters on paper. `backpropagation.py` is the guide."""

from nnlib.course.exercises.kinds import value

# 9.1 -------------------------------------------------------------------------------------------

# Colour images of 20 rows and 28 columns: Conv2d(3, 8, kernel_size=5), MaxPool2d(2),
# Conv2d(8, 16, kernel_size=3, stride=2, padding=1), Flatten, Linear. The chapter builds it.
PAPER = value(
    "9.1",
    "A network for images, on paper",
    {
        "shape after the first convolution": (8, 16, 24),
        "shape after the pooling": (8, 8, 12),
        "shape after the second convolution": (16, 4, 6),
        "numbers that the linear layer takes": 16 * 4 * 6,
        "parameters of the first convolution": 8 * (3 * 25 + 1),
        "parameters of the pooling": 0,
        "parameters of the second convolution": 16 * (8 * 9 + 1),
        "parameters of the first convolution for images twice as high": 8 * (3 * 25 + 1),
        "padding that keeps the size under a kernel of 7": 3,
        "rows of the image behind one number after the second convolution": 10,
    },
    hints=(
        "At how many places does a window of 5 rows fit into 20 rows? Where does the last begin?",
        (
            "Count places: size, plus the padding on both sides, minus the kernel; divided by the "
            "stride, rounded down; plus one. A kernel has a depth as well: as many channels as "
            "come in."
        ),
        (
            "A kernel weighs channels in × rows × columns numbers and adds one bias, and there is "
            "one for each channel that comes out. For the last question walk back: 3 rows of the "
            "pooled image are 6 rows before the pooling, and each of those has read 5 of the image."
        ),
    ),
    feedback={
        "shape after the first convolution": (
            (
                (8, 20, 28),
                (
                    "The kernel has to lie inside the image, and nothing is put around it here. "
                    "Where can its first row not stand?"
                ),
                (
                    "In most drawings of such a network, a convolution leaves the image as large "
                    "as it was."
                ),
            ),
            (
                (8, 15, 23),
                "The kernel starts at row 0 already. Count the places for a kernel of 1.",
                (
                    "Twenty minus five is fifteen, and the place at which one starts is easily not "
                    "counted."
                ),
            ),
            (
                (3, 16, 24),
                (
                    "Each kernel looks at all the colours and adds them up into one answer. How "
                    "many kernels are there?"
                ),
                "Three colours go in, so three colours seem to come out, each with its own image.",
            ),
            (
                (24, 16, 24),
                "Each kernel reads its three colours together and gives one number a place.",
                (
                    "Eight kernels look at three colours each, and three times eight pictures "
                    "would come of it."
                ),
            ),
            (
                (16, 24, 8),
                "The sizes are right. Here channels come first, then rows and columns.",
                "Image files keep the colours last, and some libraries do the same.",
            ),
            (
                (8, 24, 16),
                "Rows come before columns: 20 rows, 28 columns went in.",
                "Of pictures one says width first: 28 by 20.",
            ),
            (
                (8, 4, 5),
                "That is a stride of 5. Unless told otherwise a kernel moves on by one place.",
                "Tiles of five lie side by side, as the windows of a pooling do.",
            ),
        ),
        "shape after the pooling": (
            (
                (8, 15, 23),
                "So it would be with a stride of one. The windows of a pooling stand side by side.",
                (
                    "A window of two that slides as a kernel does fits at one place less than "
                    "there are rows."
                ),
            ),
            (
                (4, 8, 12),
                "Pooling looks at each channel alone, and keeps all of them.",
                "What halves an image seems to halve everything about it.",
            ),
            (
                (4, 16, 24),
                "The channels stay. It is rows and columns that a window of 2 by 2 puts together.",
                "Pooling makes the data fewer, and eight channels are many.",
            ),
            (
                (8, 8, 24),
                "The window has two rows and two columns.",
                "The one number 2 is easily read as one direction.",
            ),
            (
                (8, 16, 24),
                "So it went in. A window of 2 by 2 leaves one of four numbers.",
                (
                    "The pooling is listed as a layer with no weights, so it seems to leave things "
                    "as they are."
                ),
            ),
            (
                (1, 8, 12),
                "The largest is taken within a channel, not across the channels.",
                "The strongest answer of all the kernels sounds like what one would keep.",
            ),
        ),
        "shape after the second convolution": (
            (
                (16, 8, 12),
                "The padding makes up for the kernel, and then there is a stride of 2.",
                "A kernel of 3 with a padding of 1 keeps the size, and that pair is a habit.",
            ),
            (
                (16, 3, 5),
                "With the padding, the first window begins before the first row. How many fit?",
                "Without the padding the sum gives this, and a padding of one is easily missed.",
            ),
            (
                (16, 5, 7),
                "Does the last window still lie inside, or would it begin in the padding?",
                "Half of eight and one more place at the start makes five.",
            ),
            (
                (16, 4, 12),
                "The stride holds for columns as it does for rows.",
                "One number 2 is easily used up on the rows.",
            ),
            (
                (8, 4, 6),
                "Eight channels come in. How many kernels look at them?",
                (
                    "The images become smaller, and their number of channels looks like a part of "
                    "them that stays."
                ),
            ),
            (
                (128, 4, 6),
                "Each of the 16 kernels reads all 8 channels, and adds up.",
                "Sixteen kernels and eight channels make 128 pairs.",
            ),
        ),
        "numbers that the linear layer takes": (
            (
                16,
                "That is one number a channel. Each channel still has rows and columns.",
                (
                    "In many networks a mean over all places stands before the last layer, and "
                    "then this is right."
                ),
            ),
            (
                4 * 6,
                "That is one channel. All of them are laid out in one row.",
                "The image has become 4 by 6, and its channels are easily forgotten.",
            ),
            (
                3 * 20 * 28,
                "That is the image itself. The layer stands after the convolutions.",
                "A linear layer is where a network for digits began, with the pixels.",
            ),
            (
                16 * 8 * 12,
                "What shape does the second convolution leave?",
                "That is the second convolution with its padding and without its stride.",
            ),
        ),
        "parameters of the first convolution": (
            (
                8 * 25,
                "That is one colour, and no bias. How many numbers lie under a kernel?",
                "A kernel is drawn as a flat square of 5 by 5.",
            ),
            (
                8 * (25 + 1),
                "The kernel is as deep as the image has channels.",
                "A kernel is drawn as a flat square, and the bias is not forgotten.",
            ),
            (
                8 * 3 * 25,
                "Those are the weights. Each kernel adds a number of its own.",
                "Nothing in the picture of a sliding window shows a bias.",
            ),
            (
                8 * (3 * 5 + 1),
                "A kernel of 5 has five rows and five columns.",
                "The setting is one number, so it is easily taken for how many weights there are.",
            ),
            (
                3 * 25 + 1,
                "That is one kernel. There are as many as channels come out.",
                "The same weights are used everywhere, so it seems there is one set of them.",
            ),
            (
                8 * 3 * (25 + 1),
                "One bias for each kernel, not for each colour that it looks at.",
                "A kernel of three colours looks like three small ones, each with its bias.",
            ),
            (
                8 * 16 * 24 * (3 * 25 + 1),
                "Those would be weights of its own for every place. Here all places share.",
                (
                    "Every number that comes out belongs to a unit, and in a dense layer each unit "
                    "has its own weights."
                ),
            ),
            (
                8 * 3 * 25 + 8 * 16 * 24,
                "The bias is shared too: one number for each kernel, the same everywhere.",
                (
                    "The weights are shared by all places, and the biases seem to be a matter of "
                    "the unit."
                ),
            ),
        ),
        "parameters of the pooling": (
            (
                4,
                "Nothing is weighed: the largest of four numbers is kept.",
                "A window of 2 by 2 looks like a kernel of 2 by 2.",
            ),
            (
                32,
                "Nothing is weighed or added: there is nothing to learn in the largest of four.",
                "Eight windows of 2 by 2 look like eight kernels.",
            ),
            (
                1,
                "The size of the window is a setting: training does not change it.",
                "There is one number to set, the 2.",
            ),
        ),
        "parameters of the second convolution": (
            (
                16 * (9 + 1),
                "Each of its kernels is as deep as what comes in: how many channels is that?",
                "By now there are no colours any more, and a kernel of 3 by 3 is drawn flat.",
            ),
            (
                16 * 8 * 9,
                "Those are the weights. Each kernel adds a number of its own.",
                "Weights are what slides over the image; the bias does not.",
            ),
            (
                16 * (3 * 9 + 1),
                "The colours went into the first convolution. What comes into this one?",
                "The images are colour images, so three channels seem to go all the way through.",
            ),
            (
                8 * (16 * 9 + 1),
                "In and out are swapped: there is one bias for each channel that comes out.",
                (
                    "The two numbers stand side by side, and for the weights alone their order "
                    "does not matter."
                ),
            ),
        ),
        "parameters of the first convolution for images twice as high": (
            (
                16 * (3 * 25 + 1),
                "More places, not more kernels. Which of its numbers knows how high the image is?",
                "A larger image needs a larger network: so it was with dense layers.",
            ),
            (
                8 * (3 * 50 + 1),
                "The kernel stays 5 by 5: it only slides further.",
                "What looks at an image twice as high seems to become twice as high.",
            ),
        ),
        "padding that keeps the size under a kernel of 7": (
            (
                7,
                (
                    "Then the kernel could lie wholly in the zeros. How far does it reach beyond "
                    "its middle?"
                ),
                "The kernel takes something away at the edge, and its size seems to be how much.",
            ),
            (
                6,
                "Six are missing in all. The padding stands on both sides.",
                "The size shrinks by six, so six are to be made up for.",
            ),
            (
                1,
                "One is for a kernel of 3. How far does this one reach beyond its middle?",
                "A padding of one is what stands beside nearly every kernel that one meets.",
            ),
            (
                3.5,
                "The middle itself stands on the image. How many are left, and to how many sides?",
                "Half of seven is what lies on each side of the middle.",
            ),
        ),
        "rows of the image behind one number after the second convolution": (
            (
                3,
                "Three rows of what the pooling hands on. Each of those has rows behind it.",
                "A kernel of three rows reads three rows.",
            ),
            (
                6,
                (
                    "Those are rows after the first convolution. Each of them has read several "
                    "rows of the image."
                ),
                (
                    "The pooling doubles what the last kernel reads, and the way back seems to end "
                    "there."
                ),
            ),
            (
                8,
                (
                    "Five and three, and where is the pooling? It makes what the last kernel sees "
                    "wider."
                ),
                "One kernel of five and one of three: together they see eight.",
            ),
            (
                7,
                "So far two convolutions without a pooling between them would see.",
                (
                    "Two kernels on top of each other see five and three, less the one row that "
                    "they share."
                ),
            ),
            (
                9,
                "The step of the pooling is in it, but the pooling reads two rows itself.",
                "The pooling is counted as a stride of 2, and a stride reads nothing.",
            ),
            (
                11,
                (
                    "Six rows with five behind each: how far apart do the first and the last of "
                    "the six begin?"
                ),
                "Six rows after the first convolution and five that it reads add up to 11.",
            ),
            (
                15,
                "The windows of neighbours overlap: many of these rows would be counted twice.",
                "Each of three rows has five behind it, and three times five is fifteen.",
            ),
            (
                30,
                (
                    "The windows of neighbours overlap: six rows that read five each do not read "
                    "30 different ones."
                ),
                "Three times two times five is what the sizes give when they are multiplied.",
            ),
            (
                20,
                "Only a fully connected layer sees the whole image at once.",
                "By the end of the network everything hangs together with everything.",
            ),
        ),
    },
)
