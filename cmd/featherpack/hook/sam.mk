# featherpack for SAM's makefile builds.
#
# The template asks for it, function by function, and stays as it is otherwise:
#
#   Orders:
#     Type: AWS::Serverless::Function
#     Metadata: {BuildMethod: makefile}
#     Properties: {CodeUri: ., Handler: src/orders.handler, ...}
#
# sam build runs `make build-<LogicalId>` for each function in a copy of its
# CodeUri. The first one builds all of them, in the folder of this file and not
# in the copy; the others take their part of it, for as long as no file of the
# repository has changed.

FEATHERPACK ?= featherpack
# The template's folder, where that is not the folder of this file.
FEATHERPACK_DIR ?=
# Further flags of featherpack build, such as --param Stage=prod or --boot.
FEATHERPACK_FLAGS ?=

define featherpack_build
set -eu
fail() {
  printf 'featherpack: %s\n  hint: %s\n' "$$1" "$$2" >&2
  exit 2
}
name=$$1
[ -n "$${ARTIFACTS_DIR:-}" ] || fail "ARTIFACTS_DIR is not set" "run this through sam build"
case $$ARTIFACTS_DIR in /*) ;; *) ARTIFACTS_DIR=$$PWD/$$ARTIFACTS_DIR ;; esac

# What make read: this file, or what includes it first. A path may hold spaces.
file=$${featherpack_makefiles# }
until [ -f "$$file" ]; do
  case $$file in *" "*) file=$${file% *} ;; *) fail "cannot find the Makefile $$file" "name the template's folder with FEATHERPACK_DIR" ;; esac
done
cd "$${FEATHERPACK_DIR:-$$(dirname "$$file")}"
binary=$$(command -v "$$FEATHERPACK") || binary=$$(command -v node_modules/.bin/featherpack) || fail "there is no $$FEATHERPACK on the PATH" "install it, or name it with FEATHERPACK"
command -v unzip >/dev/null || fail "there is no unzip on the PATH" "install it; it unpacks what SAM zips again"

# SAM neither copies nor hashes its own folder, so it holds what we write.
state=.aws-sam
out=$$state/featherpack
stamp=$$state/featherpack.stamp
lock=$$state/featherpack.lock
mkdir -p "$$state" 2>/dev/null || fail "cannot make the folder $$PWD/$$state" "check permissions, and that no file lies in the way"

# sam build --parallel runs many of these at once: one of them builds. The lock
# only saves work, since featherpack has one of its own, and so is not waited
# for when its holder is gone or after five minutes.
waited=0
none=0
until ln -s $$$$ "$$lock" 2>/dev/null; do
  if holder=$$(readlink "$$lock"); then
    if ! kill -0 "$$holder" 2>/dev/null || [ $$waited -ge 3000 ]; then rm -f "$$lock"; fi
  else
    # It has gone since, or cannot be made at all.
    none=$$((none + 1))
    [ $$none -lt 20 ] || fail "cannot write to $$PWD/$$state" "check its permissions, and that no file lies in the way"
  fi
  waited=$$((waited + 1))
  sleep 0.1
done
trap 'rm -f "$$lock"' EXIT
trap 'exit 130' INT TERM

# Times of change (ctime) tell of moved, restored and deleted files too. What
# find cannot tell counts as a change.
root=$$(git rev-parse --show-toplevel 2>/dev/null) || root=$$(pwd -P)
settings="$$("$$binary" version) $$binary $$FEATHERPACK_FLAGS"
changed() {
  [ -f "$$stamp" ] && [ "$$(cat "$$stamp")" = "$$settings" ] || return 0
  [ -n "$$(find "$$root" "$$binary" \( -name .git -o -name .aws-sam -o -path "$$ARTIFACTS_DIR" \) -prune -o -cnewer "$$stamp" -print 2>&1 | head -n 1)" ]
}
# A zip lies in a folder where --config names a template in another one.
zip() {
  if [ -f "$$out/$$name.zip" ]; then
    printf '%s\n' "$$out/$$name.zip"
  elif [ -d "$$out" ]; then
    find "$$out" -name "$$name.zip" -type f | awk 'END { if (NR == 1) print }'
  fi
}
if [ -z "$$(zip)" ] || changed; then
  rm -f "$$stamp"
  # As old as the start of the build: what changes meanwhile is newer.
  printf '%s\n' "$$settings" >"$$stamp.new"
  # What flags now leave out must not be found as an earlier run left it.
  [ ! -d "$$out" ] || find "$$out" -name '*.zip' -exec rm -f {} +
  # Warnings and errors are told; of the report, one line.
  "$$binary" build --json --out "$$out" $$FEATHERPACK_FLAGS . >/dev/null
  mv "$$stamp.new" "$$stamp"
  find "$$out" -name '*.zip' -exec wc -c {} \; | awk '{ b += $$1 } END { printf "featherpack: %d function%s, %.1f KiB zipped\n", NR, NR == 1 ? "" : "s", b / 1024 }' >&2
fi
zip=$$(zip)
[ -n "$$zip" ] || fail "no function $$name was built" "featherpack discover says which functions it finds, and why not the others"

mkdir -p "$$ARTIFACTS_DIR"
unzip -qo "$$zip" -d "$$ARTIFACTS_DIR"
# A zip's times have no zone; half a day later they are in 1980 everywhere, as
# SAM's own zip needs them.
find "$$ARTIFACTS_DIR" -type f -exec touch -t 198001011200 {} +
endef

featherpack_makefiles := $(MAKEFILE_LIST)
export featherpack_build featherpack_makefiles FEATHERPACK FEATHERPACK_DIR FEATHERPACK_FLAGS

.PHONY: featherpack-always
build-%: featherpack-always
	@sh -c "$$featherpack_build" featherpack "$*"
