"""What of the caller's environment the sandbox's server sees."""

# What the caller may decide. Everything else is dropped: AWS_*, MINISTACK_*, LAMBDA_*, proxies and many other names
# change what the emulator does, and a sandbox has to behave the same on every machine. Functions run with what the
# server has and can read its environment, so that nothing private belongs there: no HOME, no token.
_KEPT = frozenset({"LANG", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "VIRTUAL_ENV"})
_KEPT_PREFIXES = ("LC_", "PYTHON", "COV_")


def is_kept(name: str) -> bool:
    """Whether the caller's variable of this name stays in the server's environment."""
    return name in _KEPT or name.startswith(_KEPT_PREFIXES)
