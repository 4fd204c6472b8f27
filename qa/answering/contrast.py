"""Contrast: what a question wants met → which of the candidate sentences stand out by it.

A word that many candidates hold tells none of them apart, however rare it is in the library: of
「阿拉巴马州的州花」 it is 州花 that decides among sentences about Alabama. So each term is weighed
again, by how few of the candidates meet it.
"""

import numpy as np

from qa.answering.sought import share
from qa.answering.wanted import Floats


def contrast(own: Floats, weights: Floats, groups: Floats) -> list[Floats]:
    """Return three features, each (n,) and from 0 to 1, of n candidates.

    `own` (n, terms) says how far each meets each term, `weights` (terms,) what the terms weigh,
    `groups` (n,) which passage each is from. The features are the share of the weight met among
    all candidates, among those of the passage, and the share met of what any candidate meets.
    """
    any_how = (own > 0).astype(np.float32)
    among_all = weights * _rarity(any_how)
    within = np.zeros(len(own), np.float32)
    for group in np.unique(groups):
        rows, met = own[groups == group], any_how[groups == group]
        within[groups == group] = share(rows, np.where(rows.any(axis=0), weights * _rarity(met), 0))
    reachable = np.where(own.any(axis=0), among_all, 0)
    return [share(own, among_all), within, share(own, reachable)]


def weighed_apart(told: Floats, weights: Floats) -> Floats:
    """Return the share (n,) of `weights` (words,) met by `told` (n, words), rare words more.

    As the first of `contrast`, for words that are met by degrees.
    """
    return share(told, weights * _rarity(told))


def _rarity(met: Floats) -> Floats:
    """Return each term's inverse document frequency among the rows of `met` (n, terms)."""
    found = met.sum(axis=0)
    rarity: Floats = np.log1p((len(met) - found + 0.5) / (found + 0.5)).astype(np.float32)
    return rarity
