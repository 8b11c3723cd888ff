"""Templates as they are compiled, kept in the user's cache folder: to compile them takes a third of a quick report's time."""

from __future__ import annotations

import io
from functools import cache

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket, bc_magic

from accord.disk import recalled, remember

_KIND = "templates"


class Compiled(BytecodeCache):
    """Keeps each compiled template under what it hangs on: its text, settings, and the versions of Jinja and Python."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what is kept; it stays empty where nothing is."""
        found = recalled(_KIND, _key(bucket))
        if found is not None:
            bucket.load_bytecode(io.BytesIO(found))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has been compiled."""
        remember(_KIND, _key(bucket), bucket.bytecode_to_string())


def _key(bucket: Bucket) -> str:
    """What a compiled template hangs on."""
    made = bucket.environment
    settings = (made.autoescape, made.trim_blocks, made.lstrip_blocks, made.keep_trailing_newline)
    filters = sorted((name, _passed(found)) for name, found in made.filters.items())
    return f"{bucket.key} {bucket.checksum} {bc_magic!r} {_version()} {settings} {made.optimized} {filters}"


def _passed(function: object) -> str:
    """What a filter is given besides its value, which is compiled into the template."""
    return str(getattr(function, "jinja_pass_arg", ""))


@cache
def _version() -> str:
    """Jinja's version: one of the same bytecode format may compile otherwise."""
    from importlib.metadata import version

    return version("jinja2")
