#!/bin/sh
# make-secrets.sh FOLDER: makes every secret the production parts share, once; what is already there stays.
# Only the owner of the folder gets in; the files themselves must be readable by the users inside the containers.
set -eu
folder=$1
mkdir -p "$folder"
chmod 700 "$folder"
random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -s "$folder/$1" ] || { printf '%s' "$2" >"$folder/$1" && chmod 444 "$folder/$1"; }; }
for name in postgres_password redis_password turn_secret store_app_secret store_custodian_secret metrics_token \
  weed_jwt_signing_key weed_jwt_signing_read_key weed_jwt_filer_signing_key weed_jwt_filer_signing_read_key \
  weed_s3_sse_kek; do
  keep "$name" "$(random 32)"
done
keep store_app_key "app$(random 8)"
keep store_custodian_key "custodian$(random 8)"
keep database_url "postgresql+asyncpg://sightline:$(cat "$folder/postgres_password")@postgres/sightline"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
