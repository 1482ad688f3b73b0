package declared

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// What a plain Dockerfile consists of. Any other instruction may be what needs an image.
var (
	baseImage   = regexp.MustCompile(`^FROM public\.ecr\.aws/lambda/nodejs:(18|20|22|24)(\.[\d.]+)?(-x86_64|-arm64)?$`)
	plainCopy   = regexp.MustCompile(`^COPY [^-\[]\S*( \S+)+$`)
	plainRun    = regexp.MustCompile(`^RUN npm (ci|i|install)( --?[a-z-]+(=[a-z]+)?)*( && npm cache clean --force)?$`)
	plainOther  = regexp.MustCompile(`^(WORKDIR \$\{?LAMBDA_TASK_ROOT\}?/?|LABEL .*)$`)
	plainHandle = regexp.MustCompile(`^CMD \[ ?"([\w./-]+)\.(\w+)" ?\]$`)
)

// maxDockerfile is far larger than any Dockerfile that people write.
const maxDockerfile = 64 << 10

// ReadImage reads the Dockerfile of a function, relative to the root. It is nil unless it only
// copies files onto AWS's image for Node, installs packages with npm, and names a handler that
// lies in the folder that is copied from.
func ReadImage(files *projectfs.FS, dockerfile, folder string) *analyzer.PlainImage {
	if !projectfs.Inside(dockerfile) || !projectfs.Inside(folder) {
		return nil
	}
	text, err := files.Read(dockerfile, maxDockerfile)
	if err != nil {
		return nil
	}
	var image analyzer.PlainImage
	for _, line := range bytes.Split(text, []byte("\n")) {
		line := strings.Join(strings.Fields(string(line)), " ")
		switch from, handler := baseImage.FindStringSubmatch(line), plainHandle.FindStringSubmatch(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case from != nil && image.Runtime == "":
			image.Runtime = "nodejs" + from[1] + ".x"
		case handler != nil && image.Handler == "":
			image.Handler = handler[1] + "." + handler[2]
			found := false
			for _, extension := range []string{".js", ".mjs", ".cjs"} {
				found = found || files.Kind(path.Join(folder, handler[1]+extension)) == projectfs.File
			}
			if !found {
				return nil
			}
		case plainCopy.MatchString(line), plainRun.MatchString(line), plainOther.MatchString(line):
		default:
			return nil
		}
	}
	if image.Runtime == "" || image.Handler == "" {
		return nil
	}
	image.Dockerfile = dockerfile
	return &image
}
