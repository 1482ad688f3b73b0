package credentials

import (
	"bytes"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// chain is the package that asks the providers one after another.
const chain = "@aws-sdk/credential-provider-node"

// providers are the packages of those that Lambda never uses.
var providers = []string{
	"@aws-sdk/credential-provider-ini", "@aws-sdk/credential-provider-login", "@aws-sdk/credential-provider-process",
	"@aws-sdk/credential-provider-sso", "@aws-sdk/credential-provider-web-identity",
}

// Input is the name of [Module] among the inputs of a bundle.
const Input = "featherpack:credentials"

// Variables of the environment choose a provider that Lambda never uses.
var Variables = []string{"AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE"}

// InChain reports whether a file is part of the default chain itself.
func InChain(file string) bool { return installed.NameOf(installed.PackageDir(file)) == chain }

// Unused reports whether a request of a file is the default chain's for a provider that
// Lambda never uses. What other code asks for is used.
func Unused(file, specifier string) bool {
	return strings.HasPrefix(specifier, "@aws-sdk/credential-provider-") && slices.Contains(providers, js.PackageName(specifier)) && InChain(file)
}

// IsProvider reports whether a package is one of those that Lambda never uses.
func IsProvider(name string) bool { return slices.Contains(providers, name) }

// Module is the module that the default chain gets in place of the providers. Where
// nothing says that there are credentials for one, the chain goes on to the next, as it
// does in the source. Otherwise the error says what is wrong, because the next provider
// might answer with credentials of somebody else.
const Module = `const leftOut = (name) => (init = {}) => async ({ callerClientConfig: client } = {}) => {
  const chosen = Object.keys(init).some((key) => /^(sso|profile$|webIdentityTokenFile$)/.test(key) && init[key])
  throw Object.assign(new Error(name + " is not in the bundle, because of build.sdkCredentials: lambda. Set it to all to use profiles, SSO, processes or web identity"), {
    name: "CredentialsProviderError",
    tryNextLink: !(chosen || client?.profile || process.env.AWS_PROFILE || process.env.AWS_WEB_IDENTITY_TOKEN_FILE),
  })
}
export const fromIni = leftOut("fromIni")
export const fromLoginCredentials = leftOut("fromLoginCredentials")
export const fromProcess = leftOut("fromProcess")
export const fromSSO = leftOut("fromSSO")
export const fromTokenFile = leftOut("fromTokenFile")
export const fromWebToken = leftOut("fromWebToken")
`

// last is the chain's message where no provider has credentials.
var last = []byte("Could not load credentials from any providers")

// Edits make the chain's last message say which of them were not asked.
func Edits(text []byte) (edits []js.Edit) {
	if i := bytes.Index(text, last); i >= 0 {
		end := i + len(last)
		edits = append(edits, js.Edit{Start: end, End: end, Text: ". Because of build.sdkCredentials: lambda, profiles, SSO, processes and web identity were not tried"})
	}
	return edits
}
