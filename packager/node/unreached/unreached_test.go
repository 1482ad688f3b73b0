package unreached

import (
	"regexp"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

var importsMoment = regexp.MustCompile(`["']moment["']`)

func TestMayReach(t *testing.T) {
	const nowhere, own, installed = 0, 1, 2
	for _, test := range []struct {
		text string
		in   int // where the module may reach the locales: in own code, in any
	}{
		{`import moment from 'moment'; export const day = (x) => moment(x).format()`, nowhere},
		{`import * as m from 'moment'; f(m.default.utc(1, 'YYYY', true), new m.default(2), m.default.now)`, nowhere},
		{`import { duration } from 'moment'; f(duration(1, 'day').humanize())`, nowhere},
		{`const moment = require('moment'); moment.fn.mine = f; if (x instanceof moment) moment.tz(x, 'YYYY', 'Europe/Paris')`, nowhere},
		{`const a = __importDefault(require("moment")); (0, a.default)(x, y).tz(z); a.default.tz.zone(n)`, nowhere},
		{`let moment; try { moment = require('moment') } catch {} moment.unix(1)`, nowhere},
		{`const { unix, isMoment } = require('moment'); f(unix, isMoment)`, nowhere},
		{`const locale = 'fr', lang = { locale }; f(lang)`, nowhere},
		{`if (o.locale === x || typeof o.lang === 'string' || o.localeData in all) f(all[o.locale], 'x'.concat(o.locale))`, nowhere},
		{`const all = { a() {} }, b = [f]; all[x](1); b[0](); [f, g][x](); this[x](1); import 'moment/locale/fr'; // .locale()`, nowhere},
		{`check("a locale".length, y)`, own},
		{`x.locale = x.locales; const { locale, lang = 'en' } = options; 'a locale' == y`, nowhere},

		{`x.locale('fr')`, installed},
		{`x?.lang('fr')`, installed},
		{`x['locale']('fr')`, installed},
		{`const change = x.locale; change.call(y, 'fr')`, installed},
		{`f(x.locale || y)`, installed},
		{`x.loc\u0061le('fr')`, installed},
		{`_.invoke(x, 'a.locale', 'fr')`, installed},
		{`'format locale'.split(' ').map(n => x[n]('fr'))`, installed},
		{`import moment from 'moment'; export { moment }`, installed},
		{`import moment from 'moment'; f({ moment })`, installed},
		{`import { locale } from 'moment'`, installed},
		{`import { utc } from 'moment'; utc(1, 'YYYY', 'fr')`, installed},
		{`export { default } from 'moment'`, installed},
		{`export * from 'moment'`, installed},
		{`const m = await import('moment')`, installed},
		{`const moment = require('moment'); moment(1, 'YYYY', 'fr')`, installed},
		{`const moment = require('moment'); moment.utc(...a)`, installed},
		{`const moment = require('moment'); moment.utc.apply(null, a)`, installed},
		{`const moment = require('moment'); days.map(moment.utc)`, installed},
		{`const moment = require('moment'); moment.tz(1, 'YYYY', 'fr', 'Europe/Paris')`, installed},
		{`const moment = require('moment'); moment[x]('fr')`, installed},
		{`const moment = require('moment'); const { fn, ...rest } = moment`, installed},
		{`const moment = require('moment'); moment(1)[x]('fr')`, installed},
		{`var a = require('moment'), b = a; b(1, 2, 'fr')`, installed},
		{`const run = (x, event) => x[event.op](event.argument)`, own},
		{`const run = (x, event) => x[event.op].apply(x, event.arguments)`, own},
		{`eval("x.locale('fr')")`, own},
		{"new Function(`x.locale('fr')`)", own},
		{`f("Invalid locale '")`, own},
	} {
		for where := own; where <= installed; where++ {
			source := []byte(test.text)
			m := Module{Source: source, Own: where == own, Requests: map[string]bool{"moment": true}, Text: func() *js.Text {
				text, err := js.Read(js.File{Path: "a.js", Source: source})
				if err != nil {
					t.Fatal(err)
				}
				text.Bind()
				return text
			}}
			if !importsMoment.MatchString(test.text) {
				m.Requests = nil
			}
			if got := Groups[0].MayReach(m); got != (test.in >= where) {
				t.Errorf("%s (own: %t): %t", test.text, m.Own, got)
			}
		}
	}
}
