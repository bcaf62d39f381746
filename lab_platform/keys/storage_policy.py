"""Who may do what in a bucket: its policy, computed from the accounts that there are.

Invariant: pure, and a function of the set of accounts alone, so that writing it again repairs whatever is there. A student has all
rights below the folder of their own name and reads what is below `shared`; nothing else in a bucket is allowed to anybody but the
storage's own account.
"""

from collections.abc import Iterable

SHARED = "shared"
# No user's name has this character, so a name that would mean something else can be told apart.
ESCAPE = "~"
# Seconds since 1970, in hex.
TIME_DIGITS = 8

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


def access_key(user: str, made: float, random: str) -> str:
    """The name of a user's account: readable in a log, with the second in which it was made, and another one each time."""
    return f"{user}.{int(made):0{TIME_DIGITS}x}{random}"


def user_of(access: str) -> str:
    """Whose account it is."""
    return access.rpartition(".")[0]


def made_before(access: str, moment: float) -> bool:
    """Whether an account is older than that; one whose name has no time in it is."""
    digits = access.rpartition(".")[2][:TIME_DIGITS]
    try:
        return int(digits, 16) < int(moment)
    except ValueError:
        return True


def document(bucket: str, accounts: Iterable[str]) -> dict:
    """The policy of a bucket for these accounts (access keys); without statements if there is none."""
    accounts = sorted(accounts)
    statements = []
    for account in accounts:
        own = folder(user_of(account))
        statements.append(_objects(bucket, own, [account], READ + WRITE))
        statements.append(_listing(bucket, own, [account]))
    if accounts:
        statements.append(_objects(bucket, SHARED, accounts, READ))
        statements.append(_listing(bucket, SHARED, accounts))
    return {"Version": "2012-10-17", "Statement": statements}


def _objects(bucket: str, own: str, accounts: list[str], actions: tuple[str, ...]) -> dict:
    # The folder itself too: clients ask whether it is there, and leave a mark where it would otherwise vanish with its last file.
    places = [f"arn:aws:s3:::{bucket}/{own}", f"arn:aws:s3:::{bucket}/{own}/*"]
    return {"Effect": "Allow", "Principal": {"AWS": accounts}, "Action": list(actions), "Resource": places}


def _listing(bucket: str, own: str, accounts: list[str]) -> dict:
    # With the slash: without it, `ana` would list what `ana2` has.
    return {
        "Effect": "Allow",
        "Principal": {"AWS": accounts},
        "Action": ["s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}"],
        "Condition": {"StringLike": {"s3:prefix": [f"{own}/*"]}},
    }
