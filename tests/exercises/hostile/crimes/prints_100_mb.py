"""Fills whatever keeps the output. expect: check_failed out_of_memory kernel_died out_of_time"""
for _ in range(1000):
    print("x" * 100_000)
