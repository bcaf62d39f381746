"""Who may do what: a bucket's policy, computed from the accounts that there are, or an account's own.

Invariant: pure, and a function of the accounts alone, so that writing it again repairs whatever is there. A student has all
rights below the folder of their own name and reads what is below `shared`; nothing else in a bucket is allowed to anybody but the
storage's own account.
"""

from collections.abc import Iterable

SHARED = "shared"
# No user's name has this character, so a name that would mean something else can be told apart.
ESCAPE = "~"
# Seconds since 1970, in hex.
TIME_DIGITS = 8
# Of the policies' language.
VERSION = "2012-10-17"

READ = ("s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging")
WRITE = (
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:PutObjectTagging",
    "s3:DeleteObjectTagging",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
)


def folder(user: str) -> str:
    """The folder of a user in every bucket: their name, unless it is taken."""
    return user + ESCAPE if user == SHARED else user


def new_account(user: str, made: float, random: str) -> str:
    """The name of a user's account: readable in a log, with the second in which it was made, and another one each time."""
    return f"{user}.{int(made):0{TIME_DIGITS}x}{random}"


def user_of(account: str) -> str:
    """Whose account it is."""
    return account.rpartition(".")[0]


def made_before(account: str, moment: float) -> bool:
    """Whether an account is older than that; one whose name has no time in it is."""
    digits = account.rpartition(".")[2][:TIME_DIGITS]
    try:
        return int(digits, 16) < int(moment)
    except ValueError:
        return True


def document(bucket: str, accounts: Iterable[str]) -> dict:
    """The policy of a bucket for these accounts; without statements if there is none."""
    accounts = sorted(accounts)
    statements = []
    for account in accounts:
        own = folder(user_of(account))
        statements.append({"Principal": {"AWS": [account]}, **_objects([bucket], own, READ + WRITE)})
        statements.append({"Principal": {"AWS": [account]}, **_listing([bucket], [own])})
    if accounts:
        statements.append({"Principal": {"AWS": accounts}, **_objects([bucket], SHARED, READ)})
        statements.append({"Principal": {"AWS": accounts}, **_listing([bucket], [SHARED])})
    return {"Version": VERSION, "Statement": statements}


def of_account(account: str, buckets: Iterable[str]) -> dict:
    """The policy of one account for all buckets: the same rights, for a server where they are the account's."""
    own, buckets = folder(user_of(account)), sorted(buckets)
    return {
        "Version": VERSION,
        "Statement": [_objects(buckets, own, READ + WRITE), _objects(buckets, SHARED, READ), _listing(buckets, [own, SHARED])],
    }


def _objects(buckets: list[str], place: str, actions: tuple[str, ...]) -> dict:
    # The folder itself too: clients ask whether it is there, and leave a mark where it would otherwise vanish with its last file.
    places = [f"arn:aws:s3:::{bucket}/{place}{rest}" for bucket in buckets for rest in ("", "/*")]
    return {"Effect": "Allow", "Action": list(actions), "Resource": places}


def _listing(buckets: list[str], places: list[str]) -> dict:
    # With the slash: without it, `ana` would list what `ana2` has.
    return {
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}" for bucket in buckets],
        "Condition": {"StringLike": {"s3:prefix": [f"{place}/*" for place in places]}},
    }
