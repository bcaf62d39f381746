# other data: {"seed": 8}
# task: failing-double
answer = seed + seed
# wrong: failing-double counts it three times
answer = 3 * seed
