"""``python -m sfn_harness`` is ``sfn-harness``."""

import sys

from sfn_harness.cli import main

sys.exit(main())
