"""Who may do what in a bucket, as its policy says it."""

import json

from lab_platform.keys import storage_policy as policy


def allowed(document, account, action, resource, prefix=None):
    """The little of the policy language that is used: exact names, and a star at the end."""

    def matches(pattern, value):
        return value.startswith(pattern[:-1]) if pattern.endswith("*") else value == pattern

    for statement in document["Statement"]:
        wanted = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
        if (
            account in statement["Principal"]["AWS"]
            and action in statement["Action"]
            and any(matches(one.removeprefix("arn:aws:s3:::"), resource) for one in statement["Resource"])
            and (wanted is None or (prefix is not None and any(matches(one, prefix) for one in wanted)))
        ):
            return True
    return False


ANA, ANA2, SHARED = "ana.0a", "ana2.0b", "shared.0c"
DOCUMENT = policy.document("bronze", [ANA2, ANA, SHARED])


def test_a_student_has_all_rights_in_their_own_folder_and_reads_the_shared_one():
    for action in policy.READ + policy.WRITE:
        assert allowed(DOCUMENT, ANA, action, "bronze/ana/sales/part")
        assert not allowed(DOCUMENT, ANA, action, "bronze/ana2/sales/part")
        assert not allowed(DOCUMENT, ANA, action, "bronze/anabel")
        assert not allowed(DOCUMENT, ANA, action, "silver/ana/sales/part")
        assert allowed(DOCUMENT, ANA, action, "bronze/shared/x") == (action in policy.READ)


def test_a_listing_needs_the_slash():
    asked = ("ana/", "ana/x", "shared/", "ana", "ana2/", "", "a")
    granted = [prefix for prefix in asked if allowed(DOCUMENT, ANA, "s3:ListBucket", "bronze", prefix)]
    assert granted == ["ana/", "ana/x", "shared/"]
    assert not allowed(DOCUMENT, ANA, "s3:ListBucket", "bronze")


def test_a_user_whose_name_is_taken_does_not_get_the_shared_folder():
    assert policy.folder("shared") == "shared~"
    assert not allowed(DOCUMENT, SHARED, "s3:PutObject", "bronze/shared/x")
    assert allowed(DOCUMENT, SHARED, "s3:PutObject", "bronze/shared~/x")


def test_whose_an_account_is():
    for user in ("ana", "a.b", "ana@school.org", "x.0a"):
        assert policy.user_of(policy.new_account(user, 1_800_000_000.9, "0a")) == user


def test_when_an_account_was_made():
    access = policy.new_account("ana", 1_800_000_000.9, "0a")
    assert [policy.made_before(access, moment) for moment in (0, 1_800_000_000.2, 1_800_000_001)] == [False, False, True]
    assert policy.made_before("ana.by-hand", 1)


def test_it_depends_on_the_accounts_alone():
    assert policy.document("bronze", [ANA, SHARED, ANA2]) == DOCUMENT
    assert policy.document("bronze", [])["Statement"] == []
    assert len(json.dumps(policy.document("bronze", [f"student{number}.0a0b0c0d0e0f" for number in range(50)]))) < 60_000


def test_an_accounts_own_policy_gives_the_same_rights():
    """Whatever is asked, in every bucket."""
    own = policy.of_account(ANA, ["bronze", "silver"])
    assert "Principal" not in str(own) and len(json.dumps(own)) < 20_000
    for statement in own["Statement"]:
        statement["Principal"] = {"AWS": [ANA]}
    for action in policy.READ + policy.WRITE:
        for place in ("ana", "ana/x", "ana2/x", "anabel", "shared/x", "shared~/x", ""):
            for bucket in ("bronze", "silver"):
                wanted = allowed(policy.document(bucket, [ANA]), ANA, action, f"{bucket}/{place}")
                assert allowed(own, ANA, action, f"{bucket}/{place}") == wanted, (action, place)
    for prefix in ("ana/", "ana", "ana2/", "shared/", "", None):
        wanted = allowed(DOCUMENT, ANA, "s3:ListBucket", "bronze", prefix)
        assert allowed(own, ANA, "s3:ListBucket", "bronze", prefix) == wanted, prefix
