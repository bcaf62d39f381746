"""Takes all memory that there is. expect: out_of_memory kernel_died"""
kept = []
while True:
    kept.append(bytearray(50_000_000))
    kept[-1][::4096] = b"x" * len(kept[-1][::4096])
