"""Records tell the packages that brought something to their policy."""

from __future__ import annotations

import numpy as np

from syncaug import load_policy
from syncaug.cli.verify import reasons
from tests.external.conftest import Install
from tests.external.test_loading import IMAGE, SHAKE, policy

STEP = "{name: a, uses: shake, with: {strength: [0, 0.2]}}"


def test_a_record_tells_the_packages_of_its_policy(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    augmenter = load_policy(policy(STEP))
    out, record = augmenter.apply({"one": IMAGE}, key=1)
    assert record.versions["syncaug-shake"] == "1.0"
    assert np.array_equal(augmenter.replay({"one": IMAGE}, record.to_json())["one"], out["one"])
    assert reasons([record], engines_only=False) == []
    plain = load_policy(policy("{name: a, uses: flip}")).apply({"one": IMAGE}, key=1)[1]
    assert "syncaug-shake" not in plain.versions


def test_a_package_that_is_gone_is_a_reason_for_other_results(install: Install) -> None:
    install("syncaug.transforms", "shake", SHAKE)
    _, record = load_policy(policy(STEP)).apply({"one": IMAGE}, key=1)
    record.versions["syncaug-shake"] = "0.9"  # type: ignore[index]
    assert reasons([record], engines_only=False) == ["syncaug-shake: made with 0.9; here 1.0"]
