"""The one place that knows which package runs TensorFlow Lite nets; both have the same `Interpreter`."""

try:
    from tflite_runtime.interpreter import Interpreter
except ImportError:  # ends with Python 3.11 (Debian 12); LiteRT is its successor
    from ai_edge_litert.interpreter import Interpreter

__all__ = ["Interpreter"]
