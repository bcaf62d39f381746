# other data: {"seed": 8}
# task: none-double
answer = seed + seed
# wrong: none-double counts it three times
answer = 3 * seed
