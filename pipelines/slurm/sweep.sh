#!/bin/bash
# A study on eight processors, which may be of eight machines, as an array of Slurm's:
#
#     sbatch pipelines/slurm/sweep.sh pipelines/study-policies.yaml
#
# Each task is a worker that takes cells nobody else has; all end when the last cell is measured. Study, data and
# the folder checkpoints lie where all machines see them, NFS included: no locks are used. The same script goes on
# where time was up. `ecpipe compare STUDY --slurm 8` prints such a script for one study, with whole paths.
#SBATCH --job-name=ecpipe-sweep
#SBATCH --array=1-8
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=4G
#SBATCH --time=04:00:00
# Two minutes before the end of its time a worker is told, ends within a step, and leaves its cells to others.
#SBATCH --signal=B:TERM@120
#SBATCH --output=sweep-%A_%a.log

# exec, so that the signal reaches the worker.
exec ecpipe compare "$1" --worker --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet
