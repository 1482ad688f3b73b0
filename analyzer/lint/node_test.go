package lint

import (
	"fmt"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

func TestAdviseModule(t *testing.T) {
	const s3 = "import { S3Client } from '@aws-sdk/client-s3'\n"
	for _, c := range []struct {
		name, path, source string
		want               []string
	}{
		// Clients made in every call.
		{"in the handler", "a.ts", s3 + "export const handler = async (e: unknown) => {\n  const s3 = new S3Client({})\n}", []string{"client-in-handler 3"}},
		{"in a declared handler", "a.js", s3 + "export async function handler() { await new S3Client({}).send() }", []string{"client-in-handler 2"}},
		{"exported by name", "a.js", s3 + "async function run() { new S3Client({}) }\nexport { run as handler }", []string{"client-in-handler 2"}},
		{"CommonJS", "a.js", "const { S3Client } = require('@aws-sdk/client-s3')\nexports.handler = async () => new S3Client({})", []string{"client-in-handler 2"}},
		{"module.exports", "a.js", "const s3 = require('@aws-sdk/client-s3')\nmodule.exports = { handler: async () => new s3.S3Client({}) }", []string{"client-in-handler 2"}},
		{"aggregated client", "a.js", "import { DynamoDB } from '@aws-sdk/client-dynamodb'\nexport const handler = () => new DynamoDB({})", []string{"client-in-handler 2"}},
		{"wrapped", "a.js", s3 + "export const handler = middy(async () => { new S3Client({}) }).use(x())", []string{"client-in-handler 2"}},
		{"named and wrapped", "a.js", s3 + "const run = async () => { new S3Client({}) }\nexport const handler = middy().handler(run)", []string{"client-in-handler 2"}},
		{"in a function it calls", "a.js", s3 + "const client = () => new S3Client({})\nexport const handler = async () => client().send()", []string{"client-in-handler 2"}},
		{"database", "a.js", "import pg from 'pg'\nexport const handler = async () => { const c = new pg.Client() }", []string{"client-in-handler 2"}},
		{"version 2", "a.js", "import S3 from 'aws-sdk/clients/s3'\nexport const handler = async () => new S3()", []string{"client-in-handler 2"}},

		// And those that are not.
		{"outside", "a.js", s3 + "const s3 = new S3Client({})\nexport const handler = async () => s3", nil},
		{"kept when first made", "a.js", s3 + "let s3\nexport const handler = async () => { s3 ??= new S3Client({}); if (!s3) { s3 = new S3Client({}) } return s3 || (s3 = new S3Client({})) }", nil},
		{"kept in a map", "a.js", s3 + "const byRegion = new Map()\nexport const handler = async (e) => { byRegion.set(e.region, new S3Client({ region: e.region })) }", nil},
		{"kept in an object", "a.js", s3 + "const kept = {}\nexport const handler = async () => { kept.s3 = kept.s3 ?? new S3Client({}) }", nil},
		{"kept in a local name only", "a.js", s3 + "export const handler = async () => { let c; c = new S3Client({}) }", []string{"client-in-handler 2"}},
		{"made on the spot", "a.js", s3 + "export const handler = (() => { const s3 = new S3Client({}); return async () => s3 })()", nil},
		{"in another export", "a.js", s3 + "export const make = () => new S3Client({})\nexport const handler = async () => 1", nil},
		{"of what the call brings", "a.js", s3 + "export const handler = async ({ credentials }) => new S3Client({ credentials })", nil},
		{"of a name made of it", "a.js", s3 + "export const handler = async e => { const { region } = parse(e); return new S3Client({ region }) }", nil},
		{"of a function's parameter", "a.js", s3 + "const make = calls => new S3Client({ calls })\nexport const handler = async e => make(e.plan)", nil},
		{"tied to what the call brings", "a.js", s3 + "export const handler = async (e, context) => trace(new S3Client({}), context)", nil},
		{"of a name that never differs", "a.js", s3 + "export const handler = async () => { const region = process.env.REGION; return new S3Client({ region }) }", []string{"client-in-handler 2"}},
		{"memoised", "a.js", s3 + "const client = once(() => new S3Client({}))\nexport const handler = async () => client()", nil},
		{"a command", "a.js", "import { GetObjectCommand } from '@aws-sdk/client-s3'\nexport const handler = async () => new GetObjectCommand({})", nil},
		{"a class of one's own", "a.js", "class S3Client {}\nexport const handler = async () => new S3Client()", nil},
		{"a managed upload", "a.js", "import S3 from 'aws-sdk/clients/s3'\nexport const handler = async () => new S3.ManagedUpload({})", nil},

		// What comes in whole.
		{"the SDK", "b.js", "import AWS from 'aws-sdk'\nnew AWS.S3()", []string{"aws-sdk-v2 1 aws-sdk"}},
		{"the SDK by require", "b.js", "const AWS = require('aws-sdk')", []string{"aws-sdk-v2 1 aws-sdk"}},
		{"one service of it", "b.js", "import S3 from 'aws-sdk/clients/s3'\nnew S3()", nil},
		{"lodash", "b.js", "import { pick } from 'lodash'\npick()", []string{"whole-package 1 lodash"}},
		{"a function of lodash", "b.js", "import pick from 'lodash/pick'\npick()", nil},
		{"lodash for its types", "b.ts", "import type { Dictionary } from 'lodash'\nexport type X = Dictionary<string>", nil},
		{"moment, required late", "b.js", "exports.f = () => require('moment')()", []string{"whole-package 1 moment"}},
		{"a require of one's own", "b.js", "const require = x; require('moment')", nil},
		{"a namespace handed on", "b.js", "import * as S3 from '@aws-sdk/client-s3'\ncapture(S3)", []string{"namespace-kept 2 @aws-sdk/client-s3"}},
		{"a computed member", "b.js", "import * as S3 from '@aws-sdk/client-s3'\nnew S3[name]()", []string{"namespace-kept 2 @aws-sdk/client-s3"}},
		{"a namespace asked for members", "b.js", "import * as S3 from '@aws-sdk/client-s3'\nnew S3.S3Client(); S3['S3Client']", nil},
		{"a namespace of Node", "b.js", "import * as fs from 'node:fs'\nf(fs)", nil},

		// Connections.
		{"an agent", "b.js", "import https from 'node:https'\nnew https.Agent({ maxSockets: 5, keepAlive: false })", []string{"keep-alive-off 2"}},
		{"an agent by name", "b.js", "const { Agent } = require('https')\nnew Agent({ keepAlive: false })", []string{"keep-alive-off 2"}},
		{"an agent that keeps them", "b.js", "import https from 'https'\nnew https.Agent({ keepAlive: true })", nil},
		{"another agent", "b.js", "import { Agent } from './agents'\nnew Agent({ keepAlive: false })", nil},

		{"names in a circle", "a.js", "const a = b.x, b = a.y\nnew a(); export const handler = f(handler, () => new b())", nil},
		{"cut within a letter", "b.ts", "import 'moment'; `\xf5", nil},
		{"no JavaScript", "b.js", "const = 1", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler := "handler"
			if c.path[0] == 'b' {
				handler = ""
			}
			var got []string
			for _, a := range AdviseModule(js.File{Path: c.path, Source: []byte(c.source)}, handler) {
				if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" || a.File != c.path || a.Column == 0 {
					t.Errorf("incomplete: %+v", a)
				}
				s := fmt.Sprintf("%s %d", a.Code, a.Line)
				if a.Package != "" {
					s += " " + a.Package
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// FuzzAdviseModule: no source makes it panic, and every advice has a place in it.
func FuzzAdviseModule(f *testing.F) {
	for _, s := range []string{
		"export const handler = middy(async () => { new S3Client({}) })", "exports.handler = f; function f() { f() }",
		"import * as a from 'b'; c(a)", "const a = a.b; new a", "module.exports = { handler: handler }; const handler = handler", "export default class { static { new (require('pg').Pool) } }",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, path := range []string{"a.js", "a.ts"} {
			for _, a := range AdviseModule(js.File{Path: path, Source: []byte(source)}, "handler") {
				if a.Line < 1 || a.Column < 1 {
					t.Fatalf("%+v has no place", a)
				}
			}
		}
	})
}
