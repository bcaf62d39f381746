"""An error whose text is an error, a million characters long, or no text at all. expect: cell_failed"""


class Untellable(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__


Untellable.__name__ = Untellable.__qualname__ = "\ud800\x00<b>" * 1000
raise Untellable
