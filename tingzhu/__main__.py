"""`python -m tingzhu` is `tingzhu`."""

from tingzhu.cli import main

main(prog_name="tingzhu")
