#!/bin/sh
# start.sh TEMPLATE... -- COMMAND ARGUMENT...
# Fills the templates of this folder and becomes the command. A template's ${NAME} is a variable of the environment or a
# secret: each file of $SECRETS with a plain name is a variable of that name in capitals. '@/' in an argument stands for
# the folder of filled templates. Compose starts every part through this, and so does the suite.
set -eu
umask 077
here=$(dirname "$0")
SECRETS=${SECRETS:-/run/secrets}
RENDERED=${RENDERED:-/run/sightline}
mkdir -p "$RENDERED"
for file in "$SECRETS"/*; do
  name=${file##*/}
  case $name in *[!a-z0-9_]*) continue ;; esac
  variable=$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')
  export "$variable=$(cat "$file")"
done
while [ "$1" != -- ]; do
  eval "cat <<END_OF_TEMPLATE
$(cat "$here/$1")
END_OF_TEMPLATE" >"$RENDERED/$1"
  shift
done
shift
left=$#
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  case $word in *@/*) word=${word%%@/*}$RENDERED/${word#*@/} ;; esac
  set -- "$@" "$word"
  left=$((left - 1))
done
exec "$@"
