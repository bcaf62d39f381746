"""Answers to the tasks of shop1."""
# other data: {"least": 12.5}
# task: shop1-large-orders
answer = sum(order["amount"] >= least for order in orders)
# wrong: shop1-large-orders leaves out orders of exactly that amount
answer = sum(order["amount"] > least for order in orders)
