#!/usr/bin/env bash
# Twenty AWS SDK programs: one `go build` for all of them against one each, the
# way most packagers do it. Prints CPU (user + system) and wall seconds and
# their ratios for
#
#   cold       nothing compiled (once: it is minutes of CPU)
#   warm       dependencies compiled, main packages new
#   unchanged  nothing to do
#
# usage: testdata/bench/go.sh [ROUNDS] [COUNT]     rounds of warm and unchanged, default 3 and 20
#        COLD=0 leaves the cold builds out
#
# The two ways of a round run one after the other and change places from round
# to round, so that what else the machine does meets both. The last line is
# what "unchanged" may cost at most; its exit status is 1 when it costs more.
set -euo pipefail

rounds=${1:-3} count=${2:-20}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"' EXIT

cp -r "$here/../apps/ingest/go.mod" "$here/../apps/ingest/go.sum" "$here/../apps/ingest/internal" "$scratch/"
cd "$scratch"
export CGO_ENABLED=0 GOOS=linux GOFLAGS= GOWORK=off GOTOOLCHAIN=local
recipe=(-trimpath -buildvcs=false -tags=lambda.norpc '-ldflags=-s -w')

# mains STAMP writes the main packages anew: a changed string is a changed package.
mains() {
  for i in $(seq "$count"); do
    mkdir -p "cmd/f$i"
    sed "s/\"receipts\"/\"receipts-$1-$i\"/" "$here/../apps/ingest/cmd/receipts/main.go" >"cmd/f$i/main.go"
  done
}
together() { go build "${recipe[@]}" -o "$1/" ./cmd/...; }
apart() { for i in $(seq "$count"); do go build "${recipe[@]}" -o "$1/" "./cmd/f$i"; done; }

TIMEFORMAT='%R %U %S'
# measured COMMAND... prints "wall cpu".
measured() { { time "$@" >&2; } 2>"$scratch/messages" || { cat "$scratch/messages" >&2; return 1; }; tail -n 1 "$scratch/messages" | awk '{ printf "%.2f %.2f\n", $1, $2 + $3 }'; }

# pair NAME PREPARE runs both ways after PREPARE and prints a line.
flip=0
pair() {
  local name=$1 one each
  flip=$((1 - flip))
  if ((flip)); then
    "$2" together; one=$(measured together "$scratch/together"); "$2" apart; each=$(measured apart "$scratch/apart")
  else
    "$2" apart; each=$(measured apart "$scratch/apart"); "$2" together; one=$(measured together "$scratch/together")
  fi
  awk -v n="$name" -v one="$one" -v each="$each" 'BEGIN {
    split(one, a); split(each, b)
    printf "%-10s one command %7.2f s wall %7.2f s CPU   one each %7.2f s wall %7.2f s CPU   ratio %.2f wall %.2f CPU\n", n, a[1], a[2], b[1], b[2], b[1] / a[1], b[2] / a[2]
  }'
  unchanged_cpu=${one#* }
}

cold() { chmod -R u+w "$scratch/cache-$1" 2>/dev/null || true; rm -rf "$scratch/cache-$1" "${scratch:?}/$1"; export GOCACHE="$scratch/cache-$1"; }
warm() { mains "$RANDOM$RANDOM-$1"; }
nothing() { :; }

echo "$count programs, $(go env GOVERSION), $(nproc) cores"
mains start
go mod download
if [[ ${COLD:-1} != 0 ]]; then
  own=$(go env GOCACHE)
  pair cold cold
  export GOCACHE=$own
fi
together "$scratch/together"
for _ in $(seq "$rounds"); do pair warm warm; done
# Both folders hold the programs of the same sources.
together "$scratch/together"; apart "$scratch/apart"
worst=0
for _ in $(seq "$rounds"); do
  pair unchanged nothing
  worst=$(awk -v a="$worst" -v b="$unchanged_cpu" 'BEGIN { print (b > a ? b : a) }')
done
awk -v w="$worst" 'BEGIN { printf "unchanged: at most %.2f s CPU in one command, may be 0.50\n", w; exit w > 0.5 }'
