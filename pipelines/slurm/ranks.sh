#!/bin/bash
# One training that four machines share, as a job of Slurm's that outlasts its time limit:
#
#     sbatch pipelines/slurm/ranks.sh pipelines/digits.yaml
#
# `ecpipe plan pipelines/digits.yaml --ranks 4 --threads 8` says first whether that pays; most networks train sooner
# on one machine. The program is built with --traits MPI and has the same path on all of them, and so have data and
# the folder checkpoints. Two minutes before the end of its time the first rank saves and the job ends with exit code
# 75; it is put in the queue again and goes on where it was, on any number of machines, to the same bits.
#SBATCH --job-name=ecpipe-ranks
#SBATCH --ntasks=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=ranks-%j.log

# mpirun asks Slurm where to start them. Without --bind-to none all threads of a rank would share one core.
mpirun -n "${SLURM_NTASKS:-1}" --bind-to none ecpipe run "$1" --threads "${SLURM_CPUS_PER_TASK:-1}" &
job=$!
asked=
# mpirun passes this signal on; SIGTERM would leave the ranks a second.
trap 'asked=yes; kill -USR1 "$job"' USR1
code=0
wait "$job" || code=$?
# A signal that the shell gets ends its wait, and not the job; 127 says that there was nothing to wait for.
if [ "$code" -gt 128 ]; then
  again=0
  wait "$job" || again=$?
  if [ "$again" -ne 127 ]; then code=$again; fi
fi
# MPICH's mpirun may end with 0 once it has passed a signal on. A job that was done by then does nothing when it begins again.
if [ -n "$asked" ] && [ "$code" -eq 0 ]; then code=75; fi
if [ "$code" -eq 75 ] && [ -n "${SLURM_JOB_ID-}" ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$code"
