"""Lets no error of a later cell be shown. expect: check_failed"""
get_ipython().set_custom_exc((BaseException,), lambda *_, **__: None)
