# featherpack for SAM's makefile builds.
#
# To use it, add Metadata to each function in the template:
#
#   Orders:
#     Type: AWS::Serverless::Function
#     Metadata: {BuildMethod: makefile}
#     Properties: {CodeUri: ., Handler: src/orders.handler, ...}
#
# sam build runs `make build-<LogicalId>` for each function in a copy of its
# CodeUri. The first run builds all functions, in the folder of this file and not in the copy.
# The others use the result, as long as no file of the repository has changed.

FEATHERPACK ?= featherpack
# The template's folder, if it is not the folder of this file.
FEATHERPACK_DIR ?=
# More flags for featherpack build, such as --param Stage=prod or --boot.
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

# The first makefile that make read: this file, or one that includes it. A path may contain spaces.
file=$${featherpack_makefiles# }
until [ -f "$$file" ]; do
  case $$file in *" "*) file=$${file% *} ;; *) fail "cannot find the Makefile $$file" "set FEATHERPACK_DIR to the template's folder" ;; esac
done
cd "$${FEATHERPACK_DIR:-$$(dirname "$$file")}"
binary=$$(command -v "$$FEATHERPACK") || binary=$$(command -v node_modules/.bin/featherpack) || fail "there is no $$FEATHERPACK on the PATH" "install it, or set FEATHERPACK to its path"
command -v unzip >/dev/null || fail "there is no unzip on the PATH" "install it; this Makefile unpacks the zips for SAM"

# SAM neither copies nor hashes its own folder, so write there.
state=.aws-sam
out=$$state/featherpack
stamp=$$state/featherpack.stamp
lock=$$state/featherpack.lock
mkdir -p "$$state" 2>/dev/null || fail "cannot create the folder $$PWD/$$state" "check permissions, and that no file has that name"

# sam build --parallel runs many of these at once; one of them builds. The lock only saves
# work, because featherpack has its own lock. So the wait ends if the holder is dead, or after
# five minutes.
waited=0
none=0
until ln -s $$$$ "$$lock" 2>/dev/null; do
  if holder=$$(readlink "$$lock"); then
    if ! kill -0 "$$holder" 2>/dev/null || [ $$waited -ge 3000 ]; then rm -f "$$lock"; fi
  else
    # The lock was released meanwhile, or cannot be created at all.
    none=$$((none + 1))
    [ $$none -lt 20 ] || fail "cannot write to $$PWD/$$state" "check its permissions, and that no file has that name"
  fi
  waited=$$((waited + 1))
  sleep 0.1
done
trap 'rm -f "$$lock"' EXIT
trap 'exit 130' INT TERM

# The change time (ctime) also shows moved, restored and deleted files. An error of find
# counts as a change.
root=$$(git rev-parse --show-toplevel 2>/dev/null) || root=$$(pwd -P)
settings="$$("$$binary" version) $$binary $$FEATHERPACK_FLAGS"
changed() {
  [ -f "$$stamp" ] && [ "$$(cat "$$stamp")" = "$$settings" ] || return 0
  [ -n "$$(find "$$root" "$$binary" \( -name .git -o -name .aws-sam -o -path "$$ARTIFACTS_DIR" \) -prune -o -cnewer "$$stamp" -print 2>&1 | head -n 1)" ]
}
# The zip is in a subfolder if --config names a template in another folder.
zip() {
  if [ -f "$$out/$$name.zip" ]; then
    printf '%s\n' "$$out/$$name.zip"
  elif [ -d "$$out" ]; then
    find "$$out" -name "$$name.zip" -type f | awk 'END { if (NR == 1) print }'
  fi
}
if [ -z "$$(zip)" ] || changed; then
  rm -f "$$stamp"
  # The stamp has the time of the start, so files that change during the build are newer.
  printf '%s\n' "$$settings" >"$$stamp.new"
  # Remove zips of an earlier run, which the current flags may exclude.
  [ ! -d "$$out" ] || find "$$out" -name '*.zip' -exec rm -f {} +
  # Show warnings and errors, and one line instead of the report.
  "$$binary" build --json --out "$$out" $$FEATHERPACK_FLAGS . >/dev/null
  mv "$$stamp.new" "$$stamp"
  find "$$out" -name '*.zip' -exec wc -c {} \; | awk '{ b += $$1 } END { printf "featherpack: %d function%s, %.1f KiB zipped\n", NR, NR == 1 ? "" : "s", b / 1024 }' >&2
fi
zip=$$(zip)
[ -n "$$zip" ] || fail "no function $$name was built" "run featherpack discover to list the functions and the reasons why others are skipped"

mkdir -p "$$ARTIFACTS_DIR"
unzip -qo "$$zip" -d "$$ARTIFACTS_DIR"
# A zip's times have no time zone. Noon is in 1980 in every zone, which SAM's own zip needs.
find "$$ARTIFACTS_DIR" -type f -exec touch -t 198001011200 {} +
endef

featherpack_makefiles := $(MAKEFILE_LIST)
export featherpack_build featherpack_makefiles FEATHERPACK FEATHERPACK_DIR FEATHERPACK_FLAGS

.PHONY: featherpack-always
build-%: featherpack-always
	@sh -c "$$featherpack_build" featherpack "$*"
