"""Pure statistics on arrays: nothing here opens a file or knows of places, scenarios or pages."""
