package serverless

import (
	"fmt"
	"path"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

const imageReason = "is a container image"

// image is the image that the framework builds of a Dockerfile of the service for a function,
// nil if that is not plain, or if the function's image comes from a registry.
// Source: serverless.com/framework/docs/providers/aws/guide/functions, referencing a container image
func (s *reader) image(v *yamltree.Value) *analyzer.PlainImage {
	name := s.Resolve(s.Get(v, "image"))
	if name != nil && name.Kind == yamltree.Mapping {
		if len(name.Keys) != 1 { // a command, an entry point, or a working directory
			return nil
		}
		name = s.Get(name, "name")
	}
	if !name.Scalar() || s.provider == nil {
		return nil
	}
	image := s.Resolve(s.Get(s.Get(s.Get(s.provider, "ecr"), "images"), name.Text))
	folder, file := image, "Dockerfile"
	if image != nil && image.Kind == yamltree.Mapping {
		for _, k := range image.Keys {
			switch k.Name {
			case "path", "platform", "provenance", "cacheFrom":
			case "file":
				if f := s.Get(image, "file"); f.Scalar() {
					file = f.Text
				}
			default: // arguments and options, or a URI
				return nil
			}
		}
		folder = s.Get(image, "path")
	}
	if !folder.Scalar() || path.IsAbs(folder.Text) || path.IsAbs(file) {
		return nil
	}
	dir := path.Join(s.Dir, folder.Text)
	plain := declared.ReadImage(s.FS, path.Join(dir, file), dir)
	if plain != nil {
		plain.Instead = fmt.Sprintf("runtime: %s and handler: %s instead of image, with the folder of the Dockerfile as the service's; without %s below provider.ecr.images",
			plain.Runtime, plain.Handler, name.Text)
	}
	return plain
}
