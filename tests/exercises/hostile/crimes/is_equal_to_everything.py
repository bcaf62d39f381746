"""Puts something in the place of Spark that is whatever anybody compares it with. expect: check_failed"""


class Anything:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter([])


spark, sum, len = Anything(), lambda *_: Anything(), lambda *_: Anything()
