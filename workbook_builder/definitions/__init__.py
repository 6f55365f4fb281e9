"""TOML text in, frozen definitions out, and every fault with its file and line."""
