#!/bin/sh
# Makes the evidence bucket with Object Lock and lets the store sync each of its objects to the disk; safe to repeat.
# It speaks to the master on loopback, so it runs in the store's own network namespace.
set -eu
master=127.0.0.1:${MASTER_PORT:-9333}.${MASTER_GRPC_PORT:-19333}
bucket=${BUCKET:-evidence}
shell() { printf '%s\n' "$@" | weed shell -master="$master" 2>&1; }
tries=60
until shell s3.bucket.list | grep -q "\b$bucket\b"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "the store did not make the bucket $bucket" >&2; exit 1; }
  shell "s3.bucket.create -name $bucket -withLock" >/dev/null || true
  sleep 1
done
shell lock "fs.configure -locationPrefix=/buckets/$bucket -fsync -apply" unlock
