"""How nets are run: ONNX Runtime on the CPU, one thread, no arena, so that a reading process stays small."""

from pathlib import Path

import onnxruntime as ort


def open_net(path: Path, *, threads: int = 1) -> ort.InferenceSession:
    """Return a session for the net at `path`."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # the arena keeps the largest page's memory for ever; giving it back costs less than 5 % of the time
    options.enable_cpu_mem_arena = False
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
