def add_options(parser):
    pass


def run(options):
    raise RuntimeError("not yet")
