"""Whose place on S3 an error is about; tests/platform/storage/in_lab has the errors of a real storage."""

import pytest

from lab_kernel.errors import Facts, translate
from lab_kernel.errors.places import note

CLASS = "s3a://{layer}/ana"


@pytest.mark.parametrize(("root", "place", "expected"), [
    (CLASS, "s3a://bronze/ana/sales", "own ana"),
    (CLASS, "s3a://gold/ana", "own ana"),
    (CLASS, "s3a://bronze/ana2/sales", "others ana2"),
    (CLASS, "s3a://bronze/bob.x@school/sales", "others bob.x@school"),
    (CLASS, "s3a://bronze/shared/sales", "shared shared"),
    (CLASS, "s3a://bronze/", "others "),
    (CLASS, "s3a://bronze", "others "),
    ("s3a://my-class/ana", "s3a://my-class/ana/bronze/sales", "own ana"),
    ("s3a://my-class/ana/", "s3a://my-class/bob/bronze/sales", "others bob"),
    ("s3a://{layer}/shared~", "s3a://bronze/shared~/x", "own shared~"),
])
@pytest.mark.parametrize("around", ["{}", "AccessDeniedException: {}: getFileStatus on {}: 403", "delta.`{}`", "({})"])
def test_whose_it_is(root, place, expected, around):
    assert note(around.format(place, place), root) == f"\nplace: {expected}"


@pytest.mark.parametrize(("root", "words"), [("/home/ana/lakehouse", "s3a://bronze/bob"), (CLASS, "no place at all"), (CLASS, "")])
def test_nothing_is_said_where_nothing_is_known(root, words):
    assert note(words, root) == ""


# What a real storage answered to a HEAD and to a PUT, as Hadoop tells it.
HEAD = ("java.nio.file.AccessDeniedException: {place}: getFileStatus on {place}: software.amazon.awssdk.services.s3.model."
        "S3Exception: Forbidden (Service: S3, Status Code: 403, Request ID: null) (SDK Attempt Count: 1):403 Forbidden")
MARK = "java.nio.file.AccessDeniedException: {key}: PUT 0-byte object  on {key}: software.amazon.awssdk.services.s3.model.S3"


@pytest.mark.parametrize(("root", "key", "expected"), [
    (CLASS, "shared/csv/_temporary/0", "shared shared"),
    (CLASS, "bob/csv/_temporary/0", "others bob"),
    (CLASS, "ana/csv/_temporary/0", "own ana"),
    ("s3a://my-class/ana", "ana/bronze/csv", "own ana"),
    ("s3a://my-class/ana", "ana2/bronze/csv", "others ana2"),
])
def test_a_place_that_is_told_without_its_bucket(root, key, expected):
    assert note(MARK.format(key=key), root) == f"\nplace: {expected}"


@pytest.mark.parametrize(("place", "explained"), [
    ("s3a://bronze/bob/sales/_delta_log", "storage-anothers-place"),
    ("s3a://bronze/shared/sales/_delta_log", "storage-shared-is-read-only"),
    ("s3a://bronze/ana/sales/_delta_log", "storage-key-revoked"),
    ("s3a://bronze/", "storage-not-yours"),
    ("s3a://bronze/_delta_log", "storage-not-yours"),
])
def test_a_refusal_that_does_not_say_why_is_told_by_whose_place_it_was(place, explained):
    assert translate(RuntimeError(HEAD.format(place=place)), Facts(root=CLASS)).id == explained
    # Where the lakehouse lies at home, a bucket somewhere is nobody's in particular.
    assert translate(RuntimeError(HEAD.format(place=place)), Facts(root="/home/ana/lakehouse")).id == "s3-refused"
