"""Labs that run against routes that are there."""

from lab_hub.doctor_routes import compare

ANA, BIA = "http://10.0.0.5:8888", "http://10.0.0.6:8888"


def test_what_agrees_is_no_problem():
    assert compare({"ana": ANA}, {"ana": ANA}) == compare({"ana": ANA}, {"ana": f"{ANA}/"}) == compare({}, {}) == []


def test_each_disagreement_says_what_the_proxy_has_to_be_told():
    found = compare({"ana": ANA, "bia": BIA, "caio.m": ANA}, {"bia": ANA, "gone": BIA, "caio.m": ANA})
    assert [(one.route, one.target) for one in found] == [("/user/ana/", ANA), ("/user/bia/", BIA), ("/user/gone/", None)]
    assert [one.says for one in found] == [
        "no way to the lab of ana",
        f"the way to bia leads to {ANA}, the lab is at {BIA}",
        "a way to gone, whose lab does not run",
    ]
