"""What an integration can call, as far as it can be said without an emulator or a network."""
