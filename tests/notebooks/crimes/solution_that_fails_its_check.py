# other data: {"seed": 8}
# task: solution-double
answer = seed
# wrong: solution-double counts it three times
answer = 3 * seed
