package lint

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/js"
)

// The clients of version 3 are named where each client that the module makes is known.
func TestSDKClients(t *testing.T) {
	const general = "use the @aws-sdk/client-NAME packages of the services you call;"
	for _, c := range []struct{ name, source, want string }{
		{"two clients of an import", "import AWS from 'aws-sdk'\nconst a = new AWS.S3(), b = new AWS.SQS({})", "use @aws-sdk/client-s3, @aws-sdk/client-sqs;"},
		{"the document client", "const {DynamoDB} = require('aws-sdk')\nconst d = new DynamoDB.DocumentClient()", "use @aws-sdk/lib-dynamodb;"},
		{"in a function", "const AWS = require('aws-sdk')\nexports.f = () => new AWS.StepFunctions()", "use @aws-sdk/client-sfn;"},
		{"a client that is not known", "import AWS from 'aws-sdk'\nnew AWS.S3(); new AWS.Braket()", general},
		{"a computed client", "const AWS = require('aws-sdk')\nnew AWS.S3()\nexports.f = (name) => new AWS[name]()", general},
		{"a client of another package", "const AWS = require('aws-sdk')\nconst {S3} = require('./s3')\nnew S3()", general},
		{"a client that is only named", "import AWS from 'aws-sdk'\nexport const S3 = AWS.S3", general},
	} {
		got := AdviseModule(js.File{Path: "a.js", Source: []byte(c.source)}, "")
		if len(got) != 1 || !strings.HasPrefix(got[0].Hint, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	// A client by its path is named too.
	for client, want := range map[string]string{
		"s3": "use @aws-sdk/client-s3", "dynamodb": "use @aws-sdk/client-dynamodb, and @aws-sdk/lib-dynamodb for its DocumentClient",
		"stepfunctions": "use @aws-sdk/client-sfn", "braket": "use the @aws-sdk/client-NAME package of the service",
	} {
		got := AdviseModule(js.File{Path: "a.js", Source: []byte("const Client = require('aws-sdk/clients/" + client + "')\nnew Client()")}, "")
		if len(got) != 1 || got[0].Hint != want {
			t.Errorf("%s: %+v", client, got)
		}
	}
	// What is not version 2 gets no advice.
	for _, source := range []string{
		"import {S3} from '@aws-sdk/client-s3'\nnew S3({})",
		"import AWS from './aws-sdk'\nnew AWS.S3()", "import AWS from 'aws-sdk-mock'\nAWS.mock('S3')",
	} {
		if got := AdviseModule(js.File{Path: "a.js", Source: []byte(source)}, ""); len(got) != 0 {
			t.Errorf("%s: %+v", source, got)
		}
	}
}
