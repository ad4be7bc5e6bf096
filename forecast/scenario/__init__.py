"""Policies: levers on the drivers, and the files that name them."""
