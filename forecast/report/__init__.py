"""From a projection to tables, sentences, charts and files."""
