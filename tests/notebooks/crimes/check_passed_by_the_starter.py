# other data: {"seed": 8}
# task: check-double
answer = seed + seed
# wrong: check-double counts it three times
answer = 3 * seed
