"""An invented national picture from a fixed seed: libraries, pilots, people and their paths."""

from cli.demo.filling import Filled, fill

__all__ = ["Filled", "fill"]
