"""What many small pairs say about which unit stands for which."""

import pytest

from embeddings.alignment_fitting import Pair, aligned

ISLANDS = [
    Pair(["coral", "island"], ["珊", "岛"], 1.0),
    Pair(["long", "island"], ["长", "岛"], 1.0),
    Pair(["turtle", "island"], ["龟", "岛"], 1.0),
    Pair(["long", "river"], ["长", "江"], 1.0),
]


def test_what_is_always_beside_a_unit_is_what_it_writes() -> None:
    found = aligned(ISLANDS)
    assert max(found["island"], key=found["island"].__getitem__) == "岛"
    assert max(found["long"], key=found["long"].__getitem__) == "长"
    assert found["coral"]["珊"] > found["coral"].get("岛", 0.0)


def test_chances_are_at_most_one_and_the_unseen_is_left_out() -> None:
    for chances in aligned(ISLANDS).values():
        assert 0 < sum(chances.values()) <= 1
    assert "江" not in aligned(ISLANDS)["turtle"]


def test_a_weight_counts_as_often_as_its_pair() -> None:
    twice = aligned([*ISLANDS, ISLANDS[0]])
    weighed = aligned([Pair(["coral", "island"], ["珊", "岛"], 2.0), *ISLANDS[1:]])
    assert twice["coral"]["珊"] == pytest.approx(weighed["coral"]["珊"])


def test_nothing_is_aligned_with_nothing() -> None:
    assert aligned([]) == {}
