"""Children against places, and against England."""
