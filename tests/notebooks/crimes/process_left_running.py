# other data: {"seed": 8}
# task: process-double
answer = seed + seed
# wrong: process-double counts it three times
answer = 3 * seed
