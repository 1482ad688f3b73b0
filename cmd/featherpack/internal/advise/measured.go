package advise

// Trials by which a figure is found.
const (
	withoutIt  = "a build without the package, and starts of both in turn with a stand-in for it"
	withParts  = "a build with the parts in use instead, where all uses are known and they are installed, else one without the package; starts of both in turn"
	linkedAnew = "a program that is linked again with the change"
)

// measuredBy says, for every rule about bytes or load time, what its figures come from. ""
// means that it quotes none of its own.
var measuredBy = map[string]string{
	"whole-package":        withParts,
	"required-whole":       "a build that loads the files of the members in use, and starts of both in turn",
	"meta-package":         withParts,
	"locales-bundled":      "a build of a changed copy that requires the locales in use, and starts of both in turn",
	"encodings-bundled":    "a build with Node's decoder in place of iconv-lite, and starts of both in turn",
	"aws-sdk-v2":           withParts,
	"namespace-kept":       withoutIt,
	"replaceable-package":  withoutIt,
	"polyfill-bundled":     withoutIt,
	"dev-tool-bundled":     withoutIt,
	"sdk-credentials":      "a build with the setting, and starts of both in turn",
	"package-twice":        "a build with one copy for all, and starts of both in turn",
	"both-formats":         "a build with one of the files for all, and starts of both in turn",
	"layer-duplicate":      "a build without the packages that the layer has",
	"loaded-for-errors":    "starts in turn with a build in which a stand-in takes the place of what only the import loads",
	"loaded-for-one-route": "starts in turn with a build in which a stand-in takes the place of what only the import loads",
	"work-at-load":         "a build of a changed copy in which a stand-in takes the place of the call, and starts of both in turn",
	"server-at-load":       "a build of a changed copy in which a stand-in takes the place of the call, and starts of both in turn",
	"reflect-method":       "a program that is linked again without the lookup",
	"template-reached":     "a program that is linked again without the lookup",
	"lambda-norpc":         linkedAnew,
	"json-v2":              linkedAnew,
	"build-tag":            linkedAnew,
	"blank-import":         "", // the source must be changed by hand
	"heavy-dependency":     "a program that is linked again with an empty package in its place",
	"embedded-not-read":    "the bytes of the files in the program",
	"init-work":            "Go's own trace of initialisers (GODEBUG=inittrace=1) in starts of the program",
	"packaged-together":    "",
	"tenant-isolation":     "",
	"image-for-zip":        "",
	"source-maps-at-start": "",
	"extension-at-start":   "", // it is not in the package; the function's logs have it
}
