"""What several functions have in common; each function's zip has a copy."""
