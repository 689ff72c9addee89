"""Says on which systems the wheel runs: any Python 3, and what the program needs, which the build has found out."""

import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WheelTag(BuildHookInterface):
    def initialize(self, version, build_data):
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['ECPIPE_WHEEL_PLATFORM']}"
