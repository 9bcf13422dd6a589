"""JAX's persistent compilation cache: a program compiled once on a machine starts at once the next time."""

from pathlib import Path

from heldout.core.cache import cache_folder


def cache_directory() -> Path:
    """The user's cache folder for compiled programs."""
    return cache_folder() / "jax"


def use_cache() -> None:
    """Turn the cache on for this process; without a writable folder nothing changes."""
    import jax

    try:
        cache_directory().mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(cache_directory()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
