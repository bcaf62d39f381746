# other data: {"seed": 8}
# task: exception-double
answer = seed + seed
# wrong: exception-double counts it three times
answer = 3 * seed
