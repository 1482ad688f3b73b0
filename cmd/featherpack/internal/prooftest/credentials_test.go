package prooftest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

const (
	sending = `
const credentialless = {
  region: 'eu-west-1', maxAttempts: 1, defaultUserAgentProvider: async () => [['test', '1']],
  requestHandler: { handle: async (request) => { throw Object.assign(new Error('sent'), { request }) } },
}
const answer = (e) => e.request ? [e.request.headers.authorization, e.request.headers['x-amz-security-token'] ?? '', e.request.body] : e.message
`
	sendingES = `import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'` + sending + `
const command = new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', MessageBody: 'hello' })
export const handler = () => new SQSClient(credentialless).send(command).catch(answer)
`
	sendingCommonJS = `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb')` + sending + `
const command = new GetItemCommand({ TableName: 'orders', Key: { id: { S: '1' } } })
exports.handler = () => new DynamoDBClient(credentialless).send(command).catch(answer)
`
)

// TestCredentials lets clients of the AWS SDK find credentials by themselves, where Lambda
// puts them and elsewhere. With sdkCredentials: lambda they are found where Lambda puts
// them, and a profile or a web identity is an error that names the setting.
func TestCredentials(t *testing.T) {
	clitest.SkipUnlessLong(t) // builds four functions with the real SDK, and starts them many times
	source := clitest.Testdata(t, "apps", "orders")
	clitest.Install(t, source)
	work := t.TempDir()
	project, out := filepath.Join(work, "project"), filepath.Join(work, "out")
	if err := os.Mkdir(project, 0o755); err != nil {
		t.Fatal(err)
	}
	clitest.Copy(t, filepath.Join(source, "node_modules"), filepath.Join(project, "node_modules"))
	for name, text := range map[string]string{
		"package.json": string(clitest.Read(t, filepath.Join(source, "package.json"))), "es.mjs": sendingES, "required.cjs": sendingCommonJS,
		"featherpack.yaml": `functions:
  es-all: {entry: es.mjs, runtime: nodejs22.x}
  es-lambda: {entry: es.mjs, runtime: nodejs22.x, sdkCredentials: lambda}
  required-all: {entry: required.cjs, runtime: nodejs22.x}
  required-lambda: {entry: required.cjs, runtime: nodejs22.x, sdkCredentials: lambda}
`,
	} {
		clitest.Write(t, filepath.Join(project, name), text)
	}
	clitest.Must(t, "build", "--quiet", "--compress=fast", "--out", out, project)
	files := map[string]string{"es-source": filepath.Join(project, "es.mjs"), "required-source": filepath.Join(project, "required.cjs")}
	for id, name := range map[string]string{"es-all": "es.mjs", "es-lambda": "es.mjs", "required-all": "required.js", "required-lambda": "required.js"} {
		for entry, zipped := range clitest.Zip(t, filepath.Join(out, id+".zip")) {
			clitest.Write(t, filepath.Join(work, "task", id, entry), string(zipped.Content))
		}
		files[id] = filepath.Join(work, "task", id, name)
	}
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"AccessKeyId": "AKIACONTAINER0000000", "SecretAccessKey": "c", "Token": "token", "Expiration": "2026-11-27T12:00:00Z"}`)
	}))
	defer container.Close()
	profiles := filepath.Join(work, "credentials")
	clitest.Write(t, profiles, "[mine]\naws_access_key_id = AKIAPROFILE000000000\naws_secret_access_key = p\n")

	const left = "is not in the bundle, because of build.sdkCredentials: lambda. "
	for _, c := range []struct {
		name         string
		environment  []string
		all, without string // what the answers hold
	}{
		{"environment", []string{"AWS_ACCESS_KEY_ID=AKIAENVIRONMENT00000", "AWS_SECRET_ACCESS_KEY=e"}, "AKIAENVIRONMENT00000/2026", ""},
		{"container", []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + container.URL}, "AKIACONTAINER0000000/2026", ""},
		{"profile", []string{"AWS_PROFILE=mine", "AWS_SHARED_CREDENTIALS_FILE=" + profiles}, "AKIAPROFILE000000000/2026", "fromIni " + left},
		{"web identity", []string{"AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere", "AWS_ROLE_ARN=arn:aws:iam::123456789012:role/r"}, "/nowhere", left},
		{"none", nil, "Could not load credentials from any providers", "from any providers. Because of build.sdkCredentials: lambda, "},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers := call(t, "", files, c.environment...)
			for _, kind := range []string{"es", "required"} {
				source, all, lambda := answers[kind+"-source"], answers[kind+"-all"], answers[kind+"-lambda"]
				if !strings.Contains(source, c.all) || all != source {
					t.Errorf("the source answered\n%s\nand the zip\n%s", source, all)
				}
				if c.without == "" && lambda != source || !strings.Contains(lambda, c.without) {
					t.Errorf("with sdkCredentials: lambda it answered\n%s\nthe source\n%s", lambda, source)
				}
			}
		})
	}
}
