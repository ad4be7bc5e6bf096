"""Pages of the app, one a file: each is a function of a projection."""
