"""What the command line does, one module per kind of thing it works on."""
