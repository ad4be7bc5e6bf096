"""The person-level SEN2 return: read as filed, checked by name, turned into counts and dropped."""
