"""How nets are run: ONNX Runtime on the CPU, one thread, with no more memory than a net needs again."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime as ort


def open_net(path: Path, *, threads: int = 1, keeps_memory: bool = False) -> "ort.InferenceSession":
    """Return a session for the net at `path`.

    A net that runs often on small inputs is a tenth faster if it `keeps_memory` (ONNX Runtime's arena); one that sees
    whole pages would hold the largest page's for ever.
    """
    import onnxruntime as ort  # here, so that the kiosk's own process, which opens no net, does not hold it

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
