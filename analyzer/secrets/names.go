package secrets

import (
	"path"
	"strings"
)

// What files of the same kind are said to be.
const (
	environment = "holds environment values"
	tokens      = "may hold registry or login tokens"
	passwords   = "may hold passwords"
	privateKeys = "holds a private key"
	state       = "may hold secrets of the infrastructure"
)

// byName says what a file's path reveals, "" for nothing. name and its last element are
// in lower case.
func byName(name, base string) string {
	if what := inFolder(name); what != "" {
		return what
	}
	if what := files[base]; what != "" {
		return what
	}
	if what := endings[path.Ext(base)]; what != "" && !example(base) {
		return what
	}
	switch {
	case environmentFile(base):
		return environment
	case privateKeyFile(base):
		return "is a private key"
	case strings.HasSuffix(base, ".tfstate.backup"), strings.HasSuffix(base, ".tfvars.json") && !example(base):
		return state
	}
	return ""
}

// files are whole names.
var files = map[string]string{
	".git":                  "is part of git's own folder", // of a worktree: git-scm.com/docs/gitrepository-layout
	".npmrc":                tokens,                        // docs.npmjs.com/cli/configuring-npm/npmrc#auth-related-configuration
	".yarnrc.yml":           tokens,                        // yarnpkg.com/configuration/yarnrc#npmAuthToken
	".netrc":                tokens,                        // gnu.org/software/inetutils/manual: The .netrc file
	"_netrc":                tokens,                        // the same on Windows: curl.se/docs/manpage.html#-n
	".git-credentials":      tokens,                        // git-scm.com/docs/git-credential-store
	".pypirc":               tokens,                        // packaging.python.org/en/latest/specifications/pypirc
	".dockercfg":            tokens,                        // docs.docker.com/reference/cli/docker/login, its older file
	".vault-token":          tokens,                        // developer.hashicorp.com/vault/docs/commands#token-helper
	".terraformrc":          tokens,                        // developer.hashicorp.com/terraform/cli/config/config-file#credentials
	"terraform.rc":          tokens,                        // the same on Windows
	"credentials.tfrc.json": tokens,                        // developer.hashicorp.com/terraform/cli/commands/login
	".serverlessrc":         tokens,                        // the login of the Serverless Framework
	".databrickscfg":        tokens,                        // docs.databricks.com/dev-tools/auth/config-profiles
	".s3cfg":                tokens,                        // s3tools.org/kb/item14.htm
	".boto":                 tokens,                        // cloud.google.com/storage/docs/boto-gsutil
	"rclone.conf":           tokens,                        // rclone.org/docs/#config-file
	"kubeconfig":            tokens,                        // kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig
	".pgpass":               passwords,                     // postgresql.org/docs/current/libpq-pgpass.html
	"pgpass.conf":           passwords,                     // the same on Windows
	".my.cnf":               passwords,                     // dev.mysql.com/doc/refman/8.4/en/option-files.html
	".mylogin.cnf":          passwords,                     // dev.mysql.com/doc/refman/8.4/en/mysql-config-editor.html
	".htpasswd":             passwords,                     // httpd.apache.org/docs/2.4/programs/htpasswd.html
	"secrets.yml":           passwords,                     // serverless.com/framework/docs/providers/aws/guide/variables
	"secrets.yaml":          passwords,                     // the same
	"secrets.json":          passwords,                     // learn.microsoft.com/aspnet/core/security/app-secrets
	".bash_history":         passwords,                     // gnu.org/software/bash/manual: HISTFILE
	".zsh_history":          passwords,                     // zsh.sourceforge.io/Doc/Release/Options.html#History
	".node_repl_history":    passwords,                     // nodejs.org/api/repl.html#environment-variable-options
	".psql_history":         passwords,                     // postgresql.org/docs/current/app-psql.html
	".mysql_history":        passwords,                     // dev.mysql.com/doc/refman/8.4/en/mysql-logging.html
	"secring.gpg":           privateKeys,                   // gnupg.org/documentation/manuals/gnupg/GPG-Configuration.html
	".envrc":                environment,                   // direnv.net/man/direnv.1.html
}

// endings are extensions. Files with them are binary, so that their content does not tell.
var endings = map[string]string{
	".p12":      privateKeys,              // PKCS #12: rfc-editor.org/rfc/rfc7292
	".pfx":      privateKeys,              // the same, as Windows names it
	".jks":      privateKeys,              // docs.oracle.com/en/java/javase/21/docs/specs/man/keytool.html
	".jceks":    privateKeys,              // the same
	".keystore": privateKeys,              // developer.android.com/studio/publish/app-signing
	".ppk":      privateKeys,              // the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html
	".kdbx":     passwords,                // keepass.info/help/kb/kdbx.html
	".kdb":      passwords,                // the same, version 1
	".tfstate":  state,                    // developer.hashicorp.com/terraform/language/state/sensitive-data
	".tfvars":   state,                    // developer.hashicorp.com/terraform/language/values/variables
	".agekey":   privateKeys,              // github.com/FiloSottile/age: keys.txt, as sops names it
	".ovpn":     "may hold a private key", // openvpn.net/community-docs: inline file support
}

// folder is a folder of a tool, and the files in it that hold secrets. No files means
// all.
type folder struct {
	name  string
	files []string
	what  string
}

var folders = []folder{
	{".git", nil, "is part of git's own folder"},                         // git-scm.com/docs/gitrepository-layout
	{".hg", nil, "is part of Mercurial's own folder"},                    // mercurial-scm.org/help/topics/config
	{".svn", nil, "is part of Subversion's own folder"},                  // svnbook.red-bean.com: Caching credentials
	{".ssh", nil, "is part of an SSH folder"},                            // man.openbsd.org/ssh: FILES
	{".gnupg", nil, "is part of a GnuPG folder"},                         // gnupg.org/documentation/manuals/gnupg
	{".aws", []string{"credentials", "config"}, "holds AWS credentials"}, // docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
	{".aws/sso/cache", nil, "holds AWS credentials"},                     // docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
	{".aws/cli/cache", nil, "holds AWS credentials"},                     // the same
	{".docker", []string{"config.json"}, tokens},                         // docs.docker.com/reference/cli/docker/login
	{".kube", nil, tokens},                                               // kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig
	{".azure", nil, tokens},                                              // learn.microsoft.com/cli/azure/azure-cli-configuration
	{".config/gcloud", nil, "holds Google Cloud credentials"},            // cloud.google.com/docs/authentication/application-default-credentials
	{".config/gh", []string{"hosts.yml"}, tokens},                        // cli.github.com/manual/gh_auth_login
	{".config/rclone", nil, tokens},                                      // rclone.org/docs/#config-file
	{".config/pip", []string{"pip.conf"}, tokens},                        // pip.pypa.io/en/stable/topics/authentication
	{".oci", nil, tokens},                                                // docs.oracle.com/iaas/Content/API/Concepts/sdkconfig.htm
	{".pulumi", []string{"credentials.json"}, tokens},                    // pulumi.com/docs/iac/cli/commands/pulumi_login
	{".gem", []string{"credentials"}, tokens},                            // guides.rubygems.org/api-key-scopes
	{".cargo", []string{"credentials", "credentials.toml"}, tokens},      // doc.rust-lang.org/cargo/reference/config.html#credentials
	{".m2", []string{"settings.xml", "settings-security.xml"}, tokens},   // maven.apache.org/settings.html#servers
	{".gradle", []string{"gradle.properties"}, tokens},                   // docs.gradle.org/current/userguide/build_environment.html
	{".terraform.d", []string{"credentials.tfrc.json"}, tokens},          // developer.hashicorp.com/terraform/cli/commands/login
	{".snowflake", nil, tokens},                                          // docs.snowflake.com/developer-guide/snowflake-cli
	{".password-store", nil, passwords},                                  // passwordstore.org
}

// inFolder says what the folder of a file reveals.
func inFolder(name string) string {
	for _, f := range folders {
		at := strings.Index("/"+name, "/"+f.name+"/")
		if at < 0 {
			continue
		}
		inside := name[at+len(f.name)+1:]
		if len(f.files) == 0 {
			if harmless(f.name, inside) {
				continue
			}
			return f.what
		}
		for _, file := range f.files {
			if inside == file {
				return f.what
			}
		}
	}
	return ""
}

// inSecretFolder reports whether even code in a folder is a secret: hooks of git, plugins
// of other tools.
func inSecretFolder(name string) bool { return inFolder(name) != "" }

// harmless are the public files of an SSH folder.
func harmless(folder, file string) bool {
	return folder == ".ssh" && (strings.HasSuffix(file, ".pub") || strings.HasPrefix(file, "known_hosts"))
}

// environmentFile reports whether a file holds values for environment variables, as
// dotenv and its many relatives read them: .env, .env.prod, .env-prod, prod.env. Files
// that show which variables there are, and the encrypted .env.vault, do not.
// Sources: github.com/motdotla/dotenv#faq, docs.docker.com/compose/how-tos/environment-variables
func environmentFile(base string) bool {
	if example(base) || strings.HasPrefix(base, ".env.vault") {
		return false
	}
	if rest, ok := strings.CutPrefix(base, ".env"); ok {
		return rest == "" || strings.ContainsRune(".-_", rune(rest[0]))
	}
	stem, ok := strings.CutSuffix(base, ".env")
	return ok && stem != ""
}

// example reports whether a name says that the file is an example.
func example(base string) bool {
	for _, part := range strings.FieldsFunc(base, func(r rune) bool { return strings.ContainsRune(".-_", r) }) {
		switch part {
		case "example", "examples", "sample", "samples", "template", "tmpl", "tpl", "dist", "defaults", "schema", "stub":
			return true
		}
	}
	return false
}

// privateKeyFile reports whether a file has the name that ssh-keygen gives a private key,
// also with a suffix: id_rsa, id_ed25519_deploy. The public half ends in .pub.
// Source: man.openbsd.org/ssh-keygen: FILES
func privateKeyFile(base string) bool {
	if strings.HasSuffix(base, ".pub") {
		return false
	}
	for _, kind := range []string{"rsa", "dsa", "ecdsa", "ed25519", "xmss"} {
		if rest, ok := strings.CutPrefix(base, "id_"+kind); ok && (rest == "" || strings.ContainsRune("._-", rune(rest[0]))) {
			return true
		}
	}
	return false
}
