# other data: {"seed": 8}
# task: warning-double
answer = seed + seed
# wrong: warning-double counts it three times
answer = 3 * seed
