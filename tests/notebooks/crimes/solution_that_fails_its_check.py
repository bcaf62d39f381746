# task: solution-double
answer = seed
