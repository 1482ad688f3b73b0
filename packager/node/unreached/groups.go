package unreached

import "regexp"

// Group are modules that a package requires by a computed name.
type Group struct {
	Package string
	// Modules are their paths in the package.
	Modules *regexp.Regexp
	// HandedOn are packages whose exports are the package's own, or functions of it.
	HandedOn []string
	// Names are members of the package and of its values that take such a name.
	Names []string
	// Limits are functions that take one behind so many arguments. The package itself is
	// "". One more argument may be true or false.
	Limits map[string]int
}

// Groups are the known ones, each with the code that requires it.
var Groups = []*Group{
	// loadLocale in src/lib/locale/locales.js of github.com/moment/moment, and its callers:
	// getLocale, which also gets the third argument of moment() and moment.utc()
	// (createLocalOrUTC in create/from-anything.js). moment.tz() of moment-timezone hands all
	// its arguments but the last on to moment.utc().
	{
		Package: "moment", Modules: regexp.MustCompile(`^locale/[\w-]+\.js$`), HandedOn: []string{"moment-timezone"},
		Names:  []string{"defineLocale", "lang", "langData", "locale", "localeData", "updateLocale"},
		Limits: map[string]int{"": 2, "utc": 2, "parseZone": 2, "tz": 3},
	},
}
