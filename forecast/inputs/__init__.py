"""Everything that reads files: area folders, published releases, bundled data."""
