# other data: {"seed": 8}
# task: more-double
answer = seed + seed
# wrong: more-double counts it three times
answer = 3 * seed
