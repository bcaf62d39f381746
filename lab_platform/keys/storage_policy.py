"""Who may do what in a bucket: its policy, computed from the accounts that there are.

Invariant: pure, and a function of the set of accounts alone, so that writing it again repairs whatever is there. A student has all
rights below the folder of their own name and reads what is below `shared`; nothing else in a bucket is allowed to anybody but the
storage's own account.
"""

from collections.abc import Callable, Iterable

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


def document(bucket: str, accounts: Iterable[str], principal: Callable[[str], str] = str) -> dict:
    """The policy of a bucket for these accounts; without statements if there is none. `principal` is what its server calls one."""
    accounts = sorted(accounts)
    statements = []
    for account in accounts:
        own, called = folder(user_of(account)), [principal(account)]
        statements.append(_objects(bucket, own, called, READ + WRITE))
        statements.append(_listing(bucket, own, called))
    if accounts:
        everybody = [principal(account) for account in accounts]
        statements.append(_objects(bucket, SHARED, everybody, READ))
        statements.append(_listing(bucket, SHARED, everybody))
    return {"Version": "2012-10-17", "Statement": statements}


def _objects(bucket: str, own: str, called: list[str], actions: tuple[str, ...]) -> dict:
    # The folder itself too: clients ask whether it is there, and leave a mark where it would otherwise vanish with its last file.
    places = [f"arn:aws:s3:::{bucket}/{own}", f"arn:aws:s3:::{bucket}/{own}/*"]
    return {"Effect": "Allow", "Principal": {"AWS": called}, "Action": list(actions), "Resource": places}


def _listing(bucket: str, own: str, called: list[str]) -> dict:
    # With the slash: without it, `ana` would list what `ana2` has.
    return {
        "Effect": "Allow",
        "Principal": {"AWS": called},
        "Action": ["s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}"],
        "Condition": {"StringLike": {"s3:prefix": [f"{own}/*"]}},
    }
