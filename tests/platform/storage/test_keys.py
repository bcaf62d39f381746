"""Keys open what is one's own, and nothing else, by whichever way one asks."""

import uuid

import pytest
from botocore.exceptions import ClientError

from lab_platform.keys.storage_server import StorageError
from tests.platform.storage.conftest import client_of

pytestmark = pytest.mark.docker
BUCKET = "bronze"
# A key with `.` or `..` in it means another one (versitygw, which asks for the rights to that one) or is no key at all (SeaweedFS).
NO_KEY = {"versitygw": set(), "seaweedfs": {"InvalidRequest", "InvalidArgument", "400"}}


def code(method, **options) -> str:
    """What the storage answers: OK, or the code of its refusal."""
    try:
        method(**options)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        return "AccessDenied" if found == "403" else found
    return "OK"


class Student:
    def __init__(self, storage, name: str) -> None:
        self.name = name
        self.environment = storage.keys().grant(name)
        self.s3 = client_of(storage, self.environment)

    def code(self, method: str, **options) -> str:
        return code(getattr(self.s3, method), Bucket=BUCKET, **options)


@pytest.fixture(scope="module")
def root(storage):
    return storage.server().client()


@pytest.fixture(scope="module")
def names():
    mark = uuid.uuid4().hex[:6]
    return f"ana{mark}", f"ana{mark}2", f"bob.x@{mark}"


@pytest.fixture(scope="module")
def ana(storage, names):
    return Student(storage, names[0])


@pytest.fixture(scope="module", params=[1, 2], ids=["a longer name", "another name"])
def other(storage, names, request, root):
    student = Student(storage, names[request.param])
    student.s3.put_object(Bucket=BUCKET, Key=f"{student.name}/secret", Body=b"secret")
    return student


def test_own_folder_in_every_bucket(storage, ana):
    for bucket in storage.settings["STORAGE_BUCKETS"].split():
        key = f"{ana.name}/sales/part"
        ana.s3.put_object(Bucket=bucket, Key=key, Body=b"rows")
        listed = ana.s3.list_objects_v2(Bucket=bucket, Prefix=f"{ana.name}/")
        assert [one["Key"] for one in listed["Contents"]] == [key]
        ana.s3.copy_object(Bucket=bucket, Key=f"{key}2", CopySource=f"{bucket}/{key}")
        assert ana.s3.get_object(Bucket=bucket, Key=f"{key}2")["Body"].read() == b"rows"
        for one in (key, f"{key}2"):
            ana.s3.delete_object(Bucket=bucket, Key=one)


def test_large_files_go_in_parts(ana):
    key, size = f"{ana.name}/large", 5 << 20
    upload = ana.s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    parts = []
    for number, body in ((1, b"a" * size), (2, b"b")):
        answer = ana.s3.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=body)
        parts.append({"PartNumber": number, "ETag": answer["ETag"]})
    ana.s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
    assert ana.s3.head_object(Bucket=BUCKET, Key=key)["ContentLength"] == size + 1


def test_a_conditional_put_has_one_winner(ana):
    key = f"{ana.name}/{uuid.uuid4().hex}"
    answers = [ana.code("put_object", Key=key, Body=b"x", IfNoneMatch="*") for _ in range(2)]
    assert answers == ["OK", "PreconditionFailed"]


def test_the_shared_folder_is_read_only(ana, root):
    root.put_object(Bucket=BUCKET, Key="shared/given", Body=b"given")
    assert ana.s3.get_object(Bucket=BUCKET, Key="shared/given")["Body"].read() == b"given"
    # Others have put something there too.
    assert "shared/given" in {one["Key"] for one in ana.s3.list_objects_v2(Bucket=BUCKET, Prefix="shared/")["Contents"]}
    assert ana.code("put_object", Key="shared/mine", Body=b"") == "AccessDenied"
    assert ana.code("delete_object", Key="shared/given") == "AccessDenied"
    assert ana.code("copy_object", Key="shared/mine", CopySource=f"{BUCKET}/shared/given") == "AccessDenied"


@pytest.mark.parametrize("way", ["{other}/secret", "{own}/../{other}/secret", "{own}/x/../../{other}/secret", "./{other}/secret"])
def test_somebody_elses_file_is_refused_by_every_way(storage, ana, other, way):
    key = way.format(own=ana.name, other=other.name)
    asked = {
        "get": ana.code("get_object", Key=key),
        "head": ana.code("head_object", Key=key),
        "attributes": ana.code("get_object_attributes", Key=key, ObjectAttributes=["ETag"]),
        "tags": ana.code("get_object_tagging", Key=key),
        "put": ana.code("put_object", Key=key, Body=b"evil"),
        "delete": ana.code("delete_object", Key=key),
        "copy from": ana.code("copy_object", Key=f"{ana.name}/stolen", CopySource=f"{BUCKET}/{key}"),
        "copy to": ana.code("copy_object", Key=key, CopySource=f"{BUCKET}/{ana.name}/large"),
        "multipart": ana.code("create_multipart_upload", Key=key),
        "rights": ana.code("put_object_acl", Key=key, ACL="public-read"),
    }
    refused = {"AccessDenied"} | (NO_KEY[storage.settings["STORAGE_SERVER"]] if "." in way.split("/") or ".." in way else set())
    assert set(asked.values()) <= refused, asked
    answer = ana.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key}]})
    assert {one["Code"] for one in answer["Errors"]} <= refused and len(answer["Errors"]) == 1 and "Deleted" not in answer
    assert other.s3.get_object(Bucket=BUCKET, Key=f"{other.name}/secret")["Body"].read() == b"secret"


def test_somebody_elses_upload_is_refused(ana, other):
    key = f"{other.name}/large"
    upload = other.s3.create_multipart_upload(Bucket=BUCKET, Key=key)["UploadId"]
    assert ana.code("upload_part", Key=key, UploadId=upload, PartNumber=1, Body=b"x") == "AccessDenied"
    assert ana.code("list_parts", Key=key, UploadId=upload) == "AccessDenied"
    assert ana.code("abort_multipart_upload", Key=key, UploadId=upload) == "AccessDenied"
    own = ana.s3.create_multipart_upload(Bucket=BUCKET, Key=f"{ana.name}/part")["UploadId"]
    source = {"CopySource": f"{BUCKET}/{other.name}/secret", "PartNumber": 1, "UploadId": own}
    assert ana.code("upload_part_copy", Key=f"{ana.name}/part", **source) == "AccessDenied"


PREFIXES = ["", "{other}/", "{other}", "{own}", "*", "{own}/../{other}/", "{own}/../", "{own}/x/../../{other}/"]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_listing_shows_nobody_elses_files(ana, other, prefix):
    for delimiter in ("", "/"):
        try:
            found = ana.s3.list_objects_v2(
                Bucket=BUCKET, Prefix=prefix.format(own=ana.name, other=other.name), Delimiter=delimiter
            )
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            continue
        assert ".." in prefix, "only what means nothing may be asked for"
        assert found["KeyCount"] == 0
    for method in ("list_object_versions", "list_multipart_uploads"):
        assert ana.code(method, Prefix=prefix.format(own=ana.name, other=other.name)) == "AccessDenied"


def test_a_bucket_is_not_a_students_to_change(ana):
    for method in ("get_bucket_policy", "delete_bucket_policy", "delete_bucket", "get_bucket_acl", "head_bucket"):
        assert ana.code(method) == "AccessDenied", method
    assert ana.code("put_bucket_policy", Policy="{}") == "AccessDenied"
    assert code(ana.s3.create_bucket, Bucket="mine") == "AccessDenied"
    assert ana.s3.list_buckets()["Buckets"] == []


def test_a_students_key_makes_no_keys(storage, ana):
    server = storage.server()
    found = {"key": ana.environment["AWS_ACCESS_KEY_ID"], "secret": ana.environment["AWS_SECRET_ACCESS_KEY"]}
    student = type(server)(server.endpoint, server.admin, server.region, **found)
    with pytest.raises(StorageError, match="403"):
        student.accounts()
    # On the address that labs can reach nobody makes keys, not even with the root key.
    data = type(server)(server.endpoint, server.endpoint, server.region, server.key, server.secret)
    with pytest.raises(StorageError, match="405"):
        data.accounts()


def test_granting_again_changes_nothing_and_revoking_ends_it(storage, names):
    keys = storage.keys()
    name = f"eve{uuid.uuid4().hex[:6]}"
    first = keys.grant(name)
    assert keys.grant(name) == first
    eve = client_of(storage, first)
    eve.put_object(Bucket=BUCKET, Key=f"{name}/kept", Body=b"kept")
    for _ in range(2):
        keys.revoke(name)
        assert code(eve.get_object, Bucket=BUCKET, Key=f"{name}/kept") == "InvalidAccessKeyId"
    second = keys.grant(name)
    assert second["AWS_ACCESS_KEY_ID"] != first["AWS_ACCESS_KEY_ID"]
    assert second["AWS_SECRET_ACCESS_KEY"] != first["AWS_SECRET_ACCESS_KEY"]
    assert client_of(storage, second).get_object(Bucket=BUCKET, Key=f"{name}/kept")["Body"].read() == b"kept"
    assert code(eve.get_object, Bucket=BUCKET, Key=f"{name}/kept") == "InvalidAccessKeyId"
