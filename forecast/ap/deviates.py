"""The luck of a shock to alternative provision, alike where ranges are learned and where futures are drawn."""

from typing import Final

import numpy as np

from forecast.model.spread import mirrored

DRAWS: Final = 200
"""Deviates that stand for the distribution of a shock."""
DEVIATES: Final = np.sort(mirrored(DRAWS, 1, "any"))
"""Those deviates: a Student's t without its farthest ends, as every draw of the forecast has them."""
SD: Final = float(DEVIATES.std())
"""Their standard deviation."""
