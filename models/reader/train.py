"""Train the line reader from a folder of texts: ``python -m models.reader.train --texts DIR... --minutes N --seed S``.

Two processes render their own lines, take a few steps each and then average their weights, so that neither waits for
the other where the processor is shared; the rate follows one cosine over the wall clock.
The state is saved at each report, so ``--resume`` goes on where a run stopped. With ``--teacher`` every step of the
net along a line is also drawn to what the large net's weights say there (distillation).
"""

import argparse
import functools
import logging
import math
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, distributed, multiprocessing, nn

from models.reader.batches import Batch, Batches
from models.reader.charset import prepare
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.decode import decode
from models.reader.faces import find_faces
from models.reader.net import LARGE, SIZES, LineNet
from models.reader.progress import Progress
from models.reader.render import Sample, draw_sample
from models.reader.score import load_lines, score
from models.reader.text import MAX_CHARS, LineTexts
from models.reader.weights import load_weights

__all__ = ["Options", "main", "train"]

_STEPS_ALONE = 8
_LOGGED_STEPS = 96
_WARM_STEPS = 400
_SHORT_LINES_STEPS = 500
_SHORT_CHARS = 24
_KERNELS_KEPT = "16384"
"""Enough for every layer at every width; the default of 1024 compiles most of them again at every step."""
_LOG = logging.getLogger("train")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run is given on its command line."""

    texts: Sequence[Path]
    evaluation: Path | None
    minutes: float
    seed: int
    peak_rate: float
    processes: int
    report_minutes: float
    out: Path
    resume: Path | None
    start: Path | None
    size: str
    teacher: Path | None
    uses: int


def train(rank: int, options: Options) -> None:
    """One process of a run: render, step, report until the minutes are over."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29613")
    distributed.init_process_group("gloo", rank=rank, world_size=options.processes)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO if rank == 0 else logging.WARNING)
    progress = Progress(options.seed, options.peak_rate, SIZES[options.size])
    if options.start:
        progress.start_from(options.start)
    if options.resume:
        progress.load(options.resume)
    _run(rank, options, progress)
    distributed.destroy_process_group()


def _run(rank: int, options: Options, progress: Progress) -> None:
    texts = LineTexts(load_corpus(options.texts), load_exclusion([options.evaluation] if options.evaluation else []))
    faces = find_faces()

    def source(rng: random.Random) -> Sample:
        short = progress.step < _SHORT_LINES_STEPS and not options.start
        return draw_sample(rng, texts, faces, _SHORT_CHARS if short else MAX_CHARS)

    evaluation = load_lines(options.evaluation) if options.evaluation and rank == 0 else {}
    teacher = _teacher(options.teacher) if options.teacher else None
    began = time.monotonic() - 60 * progress.minutes
    report_at = progress.minutes + options.report_minutes
    losses: list[float] = []
    batches = Batches(_batch_seed(options.seed, rank, progress.step), source, uses=options.uses)
    while progress.minutes < options.minutes:
        losses += [_step(progress, batches, options.minutes, teacher) for _ in range(_STEPS_ALONE)]
        _meet(progress)
        progress.follow()
        progress.minutes = _agreed((time.monotonic() - began) / 60)
        if len(losses) >= _LOGGED_STEPS:
            clock = f"min {progress.minutes:.1f} step {progress.step} lines {progress.lines}"
            _LOG.info("%s loss %.4f", clock, np.mean(losses))
            losses.clear()
        if progress.minutes >= min(report_at, options.minutes):
            report_at += options.report_minutes
            _report(rank, options, progress, evaluation)


def _batch_seed(seed: int, rank: int, step: int) -> int:
    return (seed * 64 + rank) << 32 | step


def _teacher(weights: Path) -> LineNet:
    teacher = LineNet(LARGE)
    teacher.load_state_dict(load_weights(weights))
    return teacher.eval().to(memory_format=torch.channels_last)


def _step(progress: Progress, batches: Batches, minutes: float, teacher: nn.Module | None) -> float:
    rate = progress.peak_rate * min(1, (progress.step + 1) / _WARM_STEPS) * _cosine(progress.minutes / minutes)
    for group in progress.optimiser.param_groups:
        group["lr"] = rate
    batch = batches.draw()
    logits = _logits(progress.net, batch)
    losses = _losses(logits, batch)
    loss = losses.mean() + (_unlikeness(logits, _wanted(teacher, batch), batch) if teacher else 0.0)
    progress.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(progress.net.parameters(), 2.0)
    progress.optimiser.step()
    batches.learn(batch, losses.tolist())
    progress.step += 1
    progress.lines += len(batch.samples) * distributed.get_world_size()
    return float(losses.mean().item())


def _cosine(fraction: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * min(1.0, fraction))) * 0.998 + 0.002


def _logits(net: nn.Module, batch: Batch) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        logits: Tensor = net(batch.lines)
    return logits.float()


def _wanted(teacher: nn.Module, batch: Batch) -> Tensor:
    """What the teacher says at each step, as logarithms of probabilities; asked once for each batch."""
    if batch.wanted is None:
        with torch.no_grad():
            batch.wanted = _logits(teacher, batch).log_softmax(-1).to(torch.bfloat16)
    return batch.wanted


def _unlikeness(logits: Tensor, wanted: Tensor, batch: Batch) -> Tensor:
    """Divergence from what is wanted at each step, per character."""
    divergence = nn.functional.kl_div(logits.log_softmax(-1), wanted.float(), reduction="sum", log_target=True)
    return divergence / batch.target_lengths.sum()


def _losses(logits: Tensor, batch: Batch) -> Tensor:
    """CTC loss per character of each line."""
    log_probabilities = logits.log_softmax(-1).transpose(0, 1)
    losses = nn.functional.ctc_loss(
        log_probabilities, batch.targets, batch.steps, batch.target_lengths, reduction="none", zero_infinity=True
    )
    return losses / batch.target_lengths


def _meet(progress: Progress) -> None:
    """Average weights and batch statistics over the processes."""
    with torch.no_grad():
        parts = [part for part in progress.net.state_dict().values() if part.dtype.is_floating_point]
        flat = torch.cat([part.reshape(-1) for part in parts])
        distributed.all_reduce(flat)
        flat /= distributed.get_world_size()
        for part, mean in zip(parts, flat.split([part.numel() for part in parts]), strict=True):
            part.copy_(mean.view_as(part))


def _agreed(value: float) -> float:
    """The mean of a value over the processes, so that all stop at the same step."""
    shared = torch.tensor([value], dtype=torch.float64)
    distributed.all_reduce(shared)
    mean: float = shared.item() / distributed.get_world_size()
    return mean


def _report(rank: int, options: Options, progress: Progress, evaluation: Mapping[str, Sequence[Sample]]) -> None:
    if rank != 0:
        return
    options.out.mkdir(parents=True, exist_ok=True)
    progress.save(options.out / "state.pt")
    progress.average.eval()
    for name, samples in evaluation.items():
        pairs = [(_read(progress.average, sample), sample.text) for sample in samples]
        _LOG.info("EVAL min %.1f lines %d %s %s", progress.minutes, progress.lines, name, score(pairs))


def _read(net: nn.Module, sample: Sample) -> str:
    with torch.no_grad():
        logits = net(torch.from_numpy(prepare(sample.grey)))
    return decode(logits[0].numpy()).text


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, nargs="+", required=True, help="folders of texts")
    parser.add_argument("--evaluation", type=Path, help="development lines: reported on, and kept out of the texts")
    parser.add_argument("--minutes", type=float, required=True, help="length of the whole run by the wall clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peak-rate", type=float, default=3e-3, help="3e-4 suits a run that starts from weights")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--report-minutes", type=float, default=10)
    parser.add_argument("--out", type=Path, default=Path("build/reader"))
    parser.add_argument("--resume", type=Path, help="state.pt of a run that was stopped")
    parser.add_argument("--start", type=Path, help="committed weights to start from (with a lower peak rate)")
    parser.add_argument("--size", choices=SIZES, default="large")
    parser.add_argument("--uses", type=int, default=1, help="times that a batch is learnt from, where drawing is dear")
    parser.add_argument("--teacher", type=Path, help="weights of a large net that a small one is to follow")
    return Options(**vars(parser.parse_args()))


def main() -> None:
    """Train as the command line says."""
    options = _options()
    os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] = _KERNELS_KEPT
    multiprocessing.spawn(functools.partial(train, options=options), nprocs=options.processes)


if __name__ == "__main__":
    main()
