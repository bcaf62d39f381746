# other data: {"seed": 8}
# task: cell-double
answer = seed + seed
# wrong: cell-double counts it three times
answer = 3 * seed
