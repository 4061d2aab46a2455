"""Error rates of a comparison by distance, in the words of ISO/IEC 19795-1."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float64]
_RESAMPLES, _SEED = 1000, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Distances of mated (same person) and of non-mated comparisons; 2 stands for a face that was not found."""

    mated: Distances
    non_mated: Distances

    def fmr(self, threshold: float) -> float:
        """False match rate: the share of non-mated comparisons nearer than the threshold."""
        return float((self.non_mated < threshold).mean())

    def fnmr(self, threshold: float) -> float:
        """False non-match rate: the share of mated comparisons not nearer than the threshold."""
        return float((self.mated >= threshold).mean())


def eer(compared: Compared) -> float:
    """Return the equal error rate: the mean of FMR and FNMR at the threshold where they are nearest to each other."""
    at = np.unique(np.concatenate([compared.mated, compared.non_mated]))
    fmr = np.searchsorted(np.sort(compared.non_mated), at, side="left") / len(compared.non_mated)
    fnmr = 1 - np.searchsorted(np.sort(compared.mated), at, side="left") / len(compared.mated)
    nearest = np.argmin(np.abs(fmr - fnmr))
    return float((fmr[nearest] + fnmr[nearest]) / 2)


def threshold_for(compared: Compared, fmr: float) -> float:
    """Return the largest threshold whose false match rate is not above `fmr`."""
    nearest = np.sort(compared.non_mated)
    return float(nearest[int(fmr * len(nearest))])


def tar(compared: Compared, far: float) -> float:
    """Return the true accept rate at a false accept rate of at most `far`."""
    return 1 - compared.fnmr(threshold_for(compared, far))


def interval(compared: Compared) -> tuple[float, float]:
    """Return the 95 % interval of the equal error rate, by resampling both kinds of comparison."""
    dice = np.random.default_rng(_SEED)
    rates = [
        eer(
            Compared(
                mated=dice.choice(compared.mated, len(compared.mated)),
                non_mated=dice.choice(compared.non_mated, len(compared.non_mated)),
            )
        )
        for _ in range(_RESAMPLES)
    ]
    low, high = np.percentile(rates, (2.5, 97.5))
    return float(low), float(high)


def most(errors: int, trials: int) -> float:
    """Return the upper 95 % bound of a rate: the rule of three for no error, else Wilson's with 1.645."""
    if not errors:
        return 3 / trials
    z, share = 1.645, errors / trials
    middle = share + z * z / (2 * trials)
    spread = z * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return float((middle + spread) / (1 + z * z / trials))
