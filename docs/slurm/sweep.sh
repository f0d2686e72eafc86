#!/bin/bash
#SBATCH --job-name=sweep
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
#SBATCH --output=sweep-%a.log
# A sweep in eight shards:
#   sbatch sweep.sh my-experiment.ini
# and when all are done (or let Slurm wait for them, with --dependency=afterok:JOB):
#   firstbyte merge -o my-experiment.results shard-*
# When some were ended by their time limit, submit the whole array again: they go
# on where they were (--resume), the others are done at once.
exec firstbyte run "$1" --resume --quiet -j "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" -o "shard-$SLURM_ARRAY_TASK_ID"
