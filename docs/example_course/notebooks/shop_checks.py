"""What the tasks of this course expect. A notebook imports it, so that check() knows them."""

from lab_kernel.checks.registry import task

_given = {}


def expect(orders, least):
    """Remembers what the expectations are computed from."""
    _given.update(orders=orders, least=least)


@task("shop1-large-orders", hint="An order that is worth exactly the least amount counts too.")
def large_orders(context):
    """Counted another way than the solution does: by what is left over."""
    small = [order for order in _given["orders"] if order["amount"] < _given["least"]]
    return len(_given["orders"]) - len(small)
