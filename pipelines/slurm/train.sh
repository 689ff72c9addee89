#!/bin/bash
# A schedule as a job of Slurm's that outlasts its time limit:
#
#     sbatch pipelines/slurm/train.sh pipelines/digits.yaml
#
# Two minutes before the end of its time the run is told, saves, and ends with exit code 75; the job is put in the
# queue again and goes on where it was, to the same bits.
#SBATCH --job-name=ecpipe-train
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=train-%j.log

ecpipe run "$1" --threads "${SLURM_CPUS_PER_TASK:-1}" &
run=$!
trap 'kill -TERM "$run"' TERM
code=0
wait "$run" || code=$?
# A signal that the shell gets ends its wait, and not the run; 127 says that there was nothing to wait for.
if [ "$code" -gt 128 ]; then
  again=0
  wait "$run" || again=$?
  if [ "$again" -ne 127 ]; then code=$again; fi
fi
if [ "$code" -eq 75 ] && [ -n "${SLURM_JOB_ID-}" ]; then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$code"
