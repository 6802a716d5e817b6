"""The life of an item as a table and as any walk through it; and dates that only move away."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.custody.errors import CustodyConflict, StillKept
from evidence.custody.rules import (
    DEFAULT_POLICY,
    GONE,
    PROOF_LIFETIME,
    Custody,
    RetentionPolicy,
    Stage,
    check_disposal,
    check_hold,
    check_lift,
    check_release,
    may_seal,
    offers_seal,
    retention_end,
    stage_of,
)
from evidence.ids import CaseId, ItemId, uuid7
from evidence.items.rules import ItemState, RetentionClass
from evidence.objects.probe import Durability, LockProof, StoreProof

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEW = Custody(item_id=ItemId(uuid7()), case_id=CaseId(uuid7()))
SEALED = NEW.model_copy(update={"sealed_at": NOW})
RELEASED = SEALED.model_copy(update={"released_at": NOW})
GOING = RELEASED.model_copy(update={"ordered_at": NOW})
GONE_FOR_GOOD = GOING.model_copy(update={"disposed_at": NOW})
LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "custody", "stage"),
    [
        (ItemState.ADMITTED, NEW, Stage.ADMITTED),
        (ItemState.FILED, NEW, Stage.FILED),
        (ItemState.QUARANTINED, NEW, Stage.QUARANTINED),
        (ItemState.FILED, SEALED, Stage.SEALED),
        (ItemState.FILED, RELEASED, Stage.RELEASED),
        (ItemState.QUARANTINED, RELEASED, Stage.RELEASED),
        (ItemState.FILED, GOING, Stage.DISPOSING),
        (ItemState.FILED, GONE_FOR_GOOD, Stage.DISPOSED),
    ],
)
def test_stage_is_the_last_one_reached(state: ItemState, custody: Custody, stage: Stage) -> None:
    assert stage_of(state, custody) is stage


def allowed(state: ItemState, custody: Custody) -> set[str]:
    """Return what may be done to an item whose retention is over."""
    found = {"seal"} if may_seal(state, custody) else set()
    for name, check in (("hold", check_hold), ("lift", check_lift), ("release", check_release)):
        try:
            check(state, custody)
        except CustodyConflict as refusal:
            assert refusal.fields["wanted"] == name  # noqa: PT017  (a table of what is refused)
        else:
            found.add(name)
    try:
        check_disposal(state, custody, keeps_until=NOW, own_key=False, now=NOW)
    except CustodyConflict:
        return found
    return found | {"dispose"}


@pytest.mark.parametrize(
    ("state", "custody", "free", "held"),
    [
        (ItemState.ADMITTED, NEW, {"hold"}, {"lift"}),
        (ItemState.FILED, NEW, {"seal", "hold", "release"}, {"seal", "lift"}),
        (ItemState.QUARANTINED, NEW, {"hold", "release"}, {"lift"}),
        (ItemState.FILED, SEALED, {"hold", "release"}, {"lift"}),
        (ItemState.FILED, RELEASED, {"hold", "dispose"}, {"lift"}),
        (ItemState.FILED, GOING, set(), {"lift"}),
        (ItemState.FILED, GONE_FOR_GOOD, set(), {"lift"}),
    ],
)
def test_each_stage_allows_these_and_a_hold_only_its_end(
    state: ItemState, custody: Custody, free: set[str], held: set[str]
) -> None:
    """The last two rows of the held ones never come about: a held item cannot be ordered away."""
    assert allowed(state, custody) == free
    assert allowed(state, custody.model_copy(update={"held": True})) == held


@pytest.mark.parametrize(("own_key", "refused"), [(False, True), (True, False)])
def test_retention_stops_disposal_unless_a_key_can_go_instead(own_key: bool, refused: bool) -> None:  # noqa: FBT001
    def dispose() -> None:
        check_disposal(ItemState.FILED, RELEASED, keeps_until=LATER, own_key=own_key, now=NOW)

    if refused:
        with pytest.raises(StillKept):
            dispose()
    else:
        dispose()
    check_disposal(ItemState.FILED, RELEASED, keeps_until=LATER, own_key=own_key, now=LATER)


steps = st.lists(st.sampled_from(["seal", "hold", "lift", "release", "dispose", "finish", "day"]), max_size=60)


@given(steps, st.booleans(), st.integers(0, 5))
def test_no_walk_destroys_what_is_held_or_kept(walk: list[str], own_key: bool, days: int) -> None:  # noqa: FBT001
    """Whatever people try in whatever order: only a released item goes, never a held one, never before its date."""
    custody, now, until = NEW, NOW, NOW + timedelta(days=days)
    for step in walk:
        before = custody
        try:
            if step == "day":
                now += timedelta(days=1)
            elif step == "seal" and may_seal(ItemState.FILED, custody):
                custody = custody.model_copy(update={"sealed_at": now})
            elif step == "hold":
                check_hold(ItemState.FILED, custody)
                custody = custody.model_copy(update={"held": True})
            elif step == "lift":
                check_lift(ItemState.FILED, custody)
                custody = custody.model_copy(update={"held": False})
            elif step == "release":
                check_release(ItemState.FILED, custody)
                custody = custody.model_copy(update={"released_at": now})
            elif step == "dispose":
                check_disposal(ItemState.FILED, custody, keeps_until=until, own_key=own_key, now=now)
                assert own_key or now >= until
                assert before.released_at is not None
                custody = custody.model_copy(update={"ordered_at": now})
            elif step == "finish" and custody.ordered_at is not None:
                custody = custody.model_copy(update={"disposed_at": now})
        except (CustodyConflict, StillKept):
            assert custody == before
        assert not (custody.held and stage_of(ItemState.FILED, custody) in GONE)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  (bounds without a zone)
policies = st.fixed_dictionaries({kind: st.integers(1, 10_000) for kind in RetentionClass}).map(
    lambda days: RetentionPolicy(days=days)
)


@given(moments, st.sampled_from(RetentionClass), st.lists(policies, min_size=1, max_size=20))
def test_no_series_of_policies_shortens_what_is_stated(
    admitted_at: datetime, kind: RetentionClass, series: list[RetentionPolicy]
) -> None:
    stated: datetime | None = None
    for policy in series:
        until = retention_end(policy, kind, admitted_at=admitted_at, stated=stated)
        assert stated is None or until >= stated
        assert until >= admitted_at + timedelta(days=policy.days[kind])
        stated = until
    assert stated == admitted_at + timedelta(days=max(policy.days[kind] for policy in series))


def test_every_class_has_a_date_by_default() -> None:
    assert set(DEFAULT_POLICY.days) == set(RetentionClass)


PROVED = StoreProof(
    product="SeaweedFS",
    conditional_put=True,
    checksum=True,
    ranges=True,
    retention=LockProof.ENFORCED,
    hold=LockProof.ENFORCED,
    durability=Durability.NOT_ASKED,
)


@pytest.mark.parametrize("lock", sorted(set(LockProof) - {LockProof.ENFORCED}))
@pytest.mark.parametrize("which", ["retention", "hold"])
def test_seal_is_offered_on_a_recent_proof_of_both_locks_only(lock: LockProof, which: str) -> None:
    assert offers_seal(PROVED, NOW, now=NOW + PROOF_LIFETIME)
    assert not offers_seal(PROVED, NOW, now=NOW + PROOF_LIFETIME + timedelta(seconds=1))
    assert not offers_seal(PROVED.model_copy(update={which: lock}), NOW, now=NOW)
