"""`python -m ecpipe` is the program."""

import os
import sys

from ecpipe import program

os.execv(program(), ["ecpipe", *sys.argv[1:]])
