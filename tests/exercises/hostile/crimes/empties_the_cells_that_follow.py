"""Empties every cell that is run after it. expect: check_failed"""
get_ipython().input_transformers_post.append(lambda lines: [])
