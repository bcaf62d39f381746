"""What whoever runs the class reads when they put files into the storage, or copy them. Templates with named fields."""

USAGE = "python -m lab_platform.files put BUCKET/KEY < FILE, or: python -m lab_platform.files copy FROM TO"
NO_PLACE = "{place} is no place for a file. Give BUCKET/KEY, such as landing/shared/prices.csv; the buckets: {buckets}"
STORED = "stored {place}"
OTHERS = (
    "Nothing was copied: the server to copy to has {count} file(s) that the other has not, such as {example}. Mixed with them, "
    "tables could not be read any more. Remove what it has first (docs/platform/storage.md), or keep to the class's server."
)
SO_FAR = "copied {done} of {all} files"
DIFFERS = "The copy of the bucket {bucket} is not like the original: somebody wrote meanwhile. Run the same command again."
COPIED = "{count} file(s) are on both servers now; {copied} of them were copied just now"
