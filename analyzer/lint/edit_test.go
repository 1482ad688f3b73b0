package lint

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// TestEdits applies the edits of all advice about a module. "" means that there are none.
func TestEdits(t *testing.T) {
	const sdk = "import { S3Client } from '@aws-sdk/client-s3'\n"
	const put = "import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'\nconst s3 = new S3Client({})\n"
	for _, c := range []struct{ name, before, after string }{
		{"a client", sdk + "\n// Says hello.\nexport const handler = async e => {\n  const s3 = new S3Client({ region: 'x' }) // new\n  return s3\n}\n",
			sdk + "\nconst s3 = new S3Client({ region: 'x' }) // new\n\n// Says hello.\nexport const handler = async e => {\n  return s3\n}\n"},
		{"a client with types", sdk + "export const handler = async (e: { a: string }): Promise<S3Client> => {\n  const s3 = new S3Client({})\n  return s3\n}\n",
			sdk + "const s3 = new S3Client({})\n\nexport const handler = async (e: { a: string }): Promise<S3Client> => {\n  return s3\n}\n"},
		{"a client whose name is taken", sdk + "const s3 = 1\nexport const handler = async () => {\n  const s3 = new S3Client({})\n  return s3\n}\n", ""},
		{"a client with a local name", sdk + "export const handler = async () => {\n  const region = 'x'\n  const s3 = new S3Client({ region })\n  return s3\n}\n", ""},
		{"a client on two lines", sdk + "export const handler = async () => {\n  const s3 = new S3Client({\n    region: 'x' })\n  return s3\n}\n", ""},
		{"a client and more on its line", sdk + "export const handler = async () => {\n  const s3 = new S3Client({}); return s3\n}\n", ""},
		{"two functions with the name", sdk + "const f = () => { const s3 = 2; return s3 }\nexport const handler = async () => {\n  const s3 = new S3Client({})\n  return [s3, f()]\n}\n", ""},
		{"a promise", put + "export const handler = async () => {\n  s3.send(new PutObjectCommand({}))\n}\n",
			put + "export const handler = async () => {\n  await s3.send(new PutObjectCommand({}))\n}\n"},
		{"a promise that is void", put + "export const handler = async () => {\n  void s3.send(new PutObjectCommand({}))\n}\n",
			put + "export const handler = async () => {\n  await s3.send(new PutObjectCommand({}))\n}\n"},
		{"a promise in a function that cannot wait", put + "export const handler = async () => {\n  [1].map(() => {\n    s3.send(new PutObjectCommand({}))\n  })\n}\n", ""},
		{"keepAlive", "import https from 'https'\nnew https.Agent({ keepAlive: false, maxSockets: 1 })\n", "import https from 'https'\nnew https.Agent({ keepAlive: true, maxSockets: 1 })\n"},
		{"keepAlive of an agent that has it", "import A from 'agentkeepalive'\nnew A({ maxSockets: 1, keepAlive: false })\n", "import A from 'agentkeepalive'\nnew A({ maxSockets: 1 })\n"},
		{"an agent without options", "import https from 'https'\nimport axios from 'axios'\naxios.create({ httpsAgent: new https.Agent() })\n",
			"import https from 'https'\nimport axios from 'axios'\naxios.create({ httpsAgent: new https.Agent({ keepAlive: true }) })\n"},
		{"an agent with options", "import https from 'https'\nimport axios from 'axios'\naxios.create({ httpsAgent: new https.Agent({ maxSockets: 1 }) })\n",
			"import https from 'https'\nimport axios from 'axios'\naxios.create({ httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 1 }) })\n"},
		{"a timer", "setInterval(f, 1000) // often\nexport const handler = (e, c, callback) => callback()\n",
			"setInterval(f, 1000).unref() // often\nexport const handler = (e, c, callback) => callback()\n"},
		{"a timer with a semicolon", "setInterval(() => f('a)'), 1000);\nexport const handler = (e, c, callback) => callback()\n",
			"setInterval(() => f('a)'), 1000).unref();\nexport const handler = (e, c, callback) => callback()\n"},
		{"a timer on two lines", "setInterval(() => {\n  f() }, 1000)\nexport const handler = (e, c, callback) => callback()\n", ""},
	} {
		name := "a.js"
		if strings.Contains(c.before, ": Promise") {
			name = "a.ts"
		}
		found := AdviseModule(js.File{Path: name, Source: []byte(c.before)}, "handler")
		if len(found) != 1 && c.name != "a client and more on its line" {
			t.Errorf("%s: %+v", c.name, found)
		}
		var edits []Edit
		for _, a := range found {
			edits = append(edits, a.Edits...)
		}
		if want := c.after; want == "" && len(edits) > 0 || want != "" && string(Apply([]byte(c.before), edits)) != want {
			t.Errorf("%s:\n%s", c.name, Apply([]byte(c.before), edits))
		}
	}
}
