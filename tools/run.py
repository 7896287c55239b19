"""The one entry: `python3 tools/run.py serve`, `test`, `book`, ... (`help` lists them all).

This file stays readable for any Python 3, so that one too old gets a sentence and not a traceback.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This needs Python 3.11 or newer, and this is Python %d.%d. Install a newer one, "
        "or name one that you have: make serve PYTHON=python3.12" % sys.version_info[:2]
    )

from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
