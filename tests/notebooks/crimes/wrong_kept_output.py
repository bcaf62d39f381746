# other data: {"seed": 8}
# task: wrong-double
answer = seed + seed
# wrong: wrong-double counts it three times
answer = 3 * seed
