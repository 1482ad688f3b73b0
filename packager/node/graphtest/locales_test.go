package graphtest

import "fmt"

// locales adds moment, as far as it requires its locales by their names, and prints dates
// that may have told it one.
func (g *generator) locales(s *scope) {
	if !g.chance(15) {
		return
	}
	m, folder := s.module, "node_modules/moment/"
	g.files[folder+"package.json"] = `{"name": "moment", "version": "2.0.0", "main": "./moment.js"}`
	g.files[folder+"moment.js"] = moment
	for _, name := range []string{"de", "fr"} {
		g.files[folder+"locale/"+name+".js"] = fmt.Sprintf("require('../moment').defineLocale('%s', { hello: 'hello in %s' })\n", name, name)
	}
	g.files["tell.cjs"] = `const { decimal } = { decimal: { fr: ',' } }
exports.harmless = (m, options = { locale: 'fr' }) => options.locale in decimal ? m.format() : 'none'
exports.tell = pick(0)
function pick() { return ` + pick(g, []string{
		"m => m.format()", "m => m.locale('fr').format()", "m => m['lang']('de').format()", "(m, n = 'locale') => m[n]('de').format()",
		"(m, f = m.locale) => f.call(m, 'fr').format()",
	}) + " }\n"
	if m.format == esm {
		m.head = append(m.head, "import moment from 'moment'", "import tells from './tell.cjs'")
	} else {
		m.head = append(m.head, "const moment = require('moment'), tells = require('./tell.cjs')")
	}
	for range 1 + g.IntN(3) {
		m.body = append(m.body, "log('date', "+pick(g, []string{
			"moment(1).format()", "moment.utc(2, 'YYYY', true).format()", "moment.isMoment(new moment(3))", "tells.tell(moment(4))", "tells.harmless(moment(5))",
			"moment(1).format()", "moment.utc(2, 'YYYY', true).format()", "moment.isMoment(new moment(3))", "tells.tell(moment(4))", "tells.harmless(moment(5))",
			"moment(6, 'YYYY', 'fr').format()", "moment(7).locale('de').format()", "moment(8)[['lo', 'cale'].join('')]('fr').format()",
			"moment.utc(...[9, 'YYYY', 'de']).format()", "((f, ...a) => f(...a).format())(moment, 10, 'YYYY', 'fr')", "moment.locale('fr')", "moment(11).format()",
		})+")")
	}
}

const moment = `var locales = { en: { hello: 'hello' } }, current = 'en'
function load(name) {
  if (locales[name] === undefined) {
    try { var aliased = require; aliased('./locale/' + name) } catch (e) { locales[name] = null }
  }
  return locales[name]
}
function get(name) { return name && load(name) || locales[current] }
function Moment(input, name) { this.input = input; this.data = get(name) }
Moment.prototype.locale = Moment.prototype.lang = function (name) { this.data = get(name); return this }
Moment.prototype.format = function () { return this.data.hello + this.input }
function moment(input, format, name) { return new Moment(input, name) }
moment.utc = moment
moment.fn = Moment.prototype
moment.isMoment = function (m) { return m instanceof Moment }
moment.locale = function (name) { if (load(name)) current = name; return current }
moment.defineLocale = function (name, data) { locales[name] = data }
module.exports = moment
`
