package lint

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// TestOtherImports checks the imports that a trial build has in place of a whole package. "" stands
// for none.
func TestOtherImports(t *testing.T) {
	for _, c := range []struct{ before, want string }{
		{
			"const _ = require('lodash')\nexports.a = _.pick(a, _.keys(a))\n",
			"const _ = ({ keys: require('lodash/keys'), pick: require('lodash/pick') })\nexports.a = _.pick(a, _.keys(a))\n",
		},
		{
			"const { pick } = require('lodash');\nexports.a = pick\n",
			"const { pick } = ({ pick: require('lodash/pick') });\nexports.a = pick\n",
		},
		{
			"exports.a = require('lodash').pick(a)\n",
			"exports.a = ({ pick: require('lodash/pick') }).pick(a)\n",
		},
		{
			"import _ from 'lodash'\nimport { a } from './a'\nexport const b = (c: string) => a(_.pick(c))\n",
			"const _ = { pick: require('lodash/pick') }\nimport { a } from './a'\nexport const b = (c: string) => a(_.pick(c))\n",
		},
		{
			"// import what is used\nimport {\n  groupBy as by,\n  sortBy,\n} from 'lodash'\nexport const b = (c: string) => by(sortBy(c))\n",
			"// import what is used\nconst by = require('lodash/groupBy'), sortBy = require('lodash/sortBy')\nexport const b = (c: string) => by(sortBy(c))\n",
		},
		{
			"const AWS = require('aws-sdk')\nAWS.config.update({})\nexports.a = [new AWS.S3(), new AWS.DynamoDB.DocumentClient()]\n",
			"const AWS = ({ DynamoDB: require('aws-sdk/clients/dynamodb'), S3: require('aws-sdk/clients/s3'), config: require('aws-sdk/global').config })\n" +
				"AWS.config.update({})\nexports.a = [new AWS.S3(), new AWS.DynamoDB.DocumentClient()]\n",
		},
		{
			"import a from './a'; import puppeteer from \"puppeteer\"\nimport chromium from '@sparticuz/chromium'\nexport const b = () => a(puppeteer, chromium)\n",
			"import a from './a'; import puppeteer from 'puppeteer-core'\nimport chromium from '@sparticuz/chromium'\nexport const b = () => a(puppeteer, chromium)\n",
		},
		{"const _ = require('lodash')\nexports.a = _.chain(a).keys().value()\n", ""},
		{"const _ = require('lodash')\nexports.a = _(a).keys()\n", ""},
		{"const _ = require('lodash')\nexports.a = f(_)\n", ""},
		{"const _ = require('lodash')\nexports.a = _[name](a)\n", ""},
		{"import { chain, pick } from 'lodash'\nexport const a = [chain, pick]\n", ""},
		{"const AWS = require('aws-sdk')\nexports.a = AWS.util.uuid.v4()\n", ""},
		{"const moment = require('moment')\nexports.a = moment()\n", ""},
	} {
		var edits []Edit
		for _, a := range AdviseModule(js.File{Path: "b.ts", Source: []byte(c.before)}, "") {
			edits = append(edits, a.Otherwise...)
		}
		want := c.want
		if want == "" {
			want = c.before
		}
		if got := string(Apply([]byte(c.before), edits)); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", strings.TrimSpace(c.before), got, want)
		}
	}
}
