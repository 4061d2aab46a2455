"""Tune the liveness cues on simulated takes: `python -m models.persons.tune [--takes N]` writes weights.json.

Logistic regression of each cue on its own signs, and of the verdict on those of all; every kind of attack counts the
same, and all attacks as much as all live people. A weight may only point the way that physics does (`_WAYS`): what the
simulation happens to do otherwise is not learned. Only the ranges called TUNING are drawn from.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from agent.identity.liveness import verdict
from agent.identity.liveness.verdict import Cue, CueWeight, SignWeight, Weights

from .attacks import Attack
from .ranges import TUNING
from .trials import Seen, plan, run

WEIGHTS = Path(verdict.__file__).with_name("weights.json")
Floats = NDArray[np.float64]

_WAYS = {
    Cue.LIGHT: {"follows": 1, "late": -1, "strength": 1, "behind": -1, "relief": 1, "bend": 1},
    Cue.MOTION: {"turned": 1, "early": -1, "answer_s": -1, "solid": 1, "apart": 1},
    Cue.PASSIVE: {"edges": -1, "grid": -1, "blink": 1},
}
"""1 where more of a sign speaks for a live person, −1 where it speaks against one."""
_STEPS, _RATE, _SMALL = 4000, 0.3, 0.01
_BPCER_ALONE = 5.0
_LIVE_TAIL, _ATTACK_TAIL = 2.0, 5.0
"""Per cent: `alive_from` is midway between the live people's lowest and the worst kind's highest ones. A live person
turned away and an attack let through weigh the same, and up to 5 % of either is what is asked for."""
_UNSURE = 1.5
"""Log odds below `alive_from` that are still a doubt, not a refusal."""


def tune(seen: Sequence[Seen]) -> Weights:
    """Return the weights for what was seen."""
    usable = [each for each in seen if each.signs is not None]
    is_live = np.array([each.trial.attack is None for each in usable])
    kinds = np.array([each.trial.attack or "" for each in usable])
    counts = _counts(kinds)
    cues = {cue: _cue(cue, usable, is_live, counts) for cue in Cue}
    columns = np.hstack([_columns(cue, cues[cue].signs, usable) for cue in Cue])
    shares, bias = _fitted(columns, is_live, counts)
    total = columns @ shares + bias
    worst = max(float(np.percentile(total[kinds == kind], 100 - _ATTACK_TAIL)) for kind in Attack)
    alive_from = (float(np.percentile(total[is_live], _LIVE_TAIL)) + worst) / 2
    left = iter(shares)
    cues = {cue: _shared(cues[cue], left) for cue in Cue}
    return Weights(
        cues=cues, bias=_round(bias), alive_from=_round(alive_from), not_alive_below=_round(alive_from - _UNSURE)
    )


def _cue(cue: Cue, seen: Sequence[Seen], is_live: NDArray[np.bool_], counts: Floats) -> CueWeight:
    values = np.array([[(each.signs or {})[cue][name] for name in _WAYS[cue]] for each in seen])
    signs = {name: _scaled(values[:, at], way, is_live, counts) for at, (name, way) in enumerate(_WAYS[cue].items())}
    columns = _columns(cue, signs, seen)
    weights, bias = _fitted(columns, is_live, counts)
    signs = {
        name: msgspec.structs.replace(sign, alone=_round(weight))
        for (name, sign), weight in zip(signs.items(), weights, strict=True)
    }
    alone = float(np.percentile((columns @ weights + bias)[is_live], _BPCER_ALONE))
    return CueWeight(signs=signs, bias=_round(bias), alone_from=_round(alone))


def _columns(cue: Cue, signs: dict[str, SignWeight], seen: Sequence[Seen]) -> Floats:
    """Return how far each sign of a cue speaks for a live person, shape (takes, signs)."""
    return np.array([[sign.deviations((each.signs or {})[cue][name]) for name, sign in signs.items()] for each in seen])


def _shared(cue: CueWeight, shares: Iterator[float]) -> CueWeight:
    """Return a cue whose signs have the next weights in the verdict."""
    signs = {name: msgspec.structs.replace(sign, together=_round(next(shares))) for name, sign in cue.signs.items()}
    return msgspec.structs.replace(cue, signs=signs)


def _scaled(values: Floats, way: int, is_live: NDArray[np.bool_], counts: Floats) -> SignWeight:
    live, attack = values[is_live], values[~is_live]
    far = float(np.average(attack, weights=counts[~is_live]))
    spread = max(float(live.std()), abs(float(live.mean()) - far) / 4, 1e-6)
    return SignWeight(middle=_round((float(live.mean()) + far) / 2), spread=_round(way * spread), alone=0, together=0)


def _fitted(columns: Floats, is_live: NDArray[np.bool_], counts: Floats) -> tuple[Floats, float]:
    """Return weights not below 0 and the bias of the smallest weighted log loss, by projected gradient descent."""
    weights, bias = np.zeros(columns.shape[1]), 0.0
    for _ in range(_STEPS):
        gap = counts * (1 / (1 + np.exp(-(columns @ weights + bias))) - is_live)
        weights = np.maximum(weights - _RATE * (columns.T @ gap + _SMALL * weights), 0)
        bias -= _RATE * float(gap.sum())
    return weights, bias


def _counts(kinds: NDArray[np.str_]) -> Floats:
    """Return how much each trial counts: live people a half, every kind of attack the same share of the other half."""
    names, which, sizes = np.unique(kinds, return_inverse=True, return_counts=True)
    share = np.where(names == "", 0.5, 0.5 / max(len(names) - 1, 1))
    return np.asarray((share / sizes)[which])


def _round(value: float) -> float:
    return float(f"{value:.4g}")


def main() -> None:
    """Write weights.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=500)
    trials = plan(TUNING, 60, lives=6)
    random.Random(1).shuffle(trials)  # noqa: S311 - to be repeated
    tuned = tune(list(run(trials[: parser.parse_args().takes])))
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(tuned), indent=1) + b"\n")


if __name__ == "__main__":
    main()
