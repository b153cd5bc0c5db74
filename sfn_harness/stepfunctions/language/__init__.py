"""The Amazon States Language: a definition is parsed once into a typed tree, and checked."""
