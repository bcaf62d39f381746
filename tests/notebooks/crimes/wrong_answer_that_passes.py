# other data: {"seed": 8}
# task: wrong-answer-double
answer = seed + seed

# wrong: wrong-answer-double counts it three times
answer = 3.0 * seed
