"""`python -m rowcol.cli` is `rowcol`."""

import sys

from rowcol.cli import main

sys.exit(main())
