package cloudformation

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

const imageReason = "is a container image"

// image is the image of a function, nil if its Dockerfile is not in the project or is not
// plain.
func (t *template) image(properties, metadata *yamltree.Value, sam bool) *analyzer.PlainImage {
	if properties.Get("ImageConfig").Has() {
		return nil
	}
	if built := t.builtBySAM(metadata); built != nil {
		code := map[bool]string{true: "CodeUri", false: "Code"}[sam]
		built.Instead = fmt.Sprintf("Runtime: %s, Handler: %s, %s: the folder of the Dockerfile; without PackageType, ImageConfig and the Docker settings of Metadata",
			built.Runtime, built.Handler, code)
		return built
	}
	built := t.builtByCDK(metadata)
	if built == nil {
		built = t.assetOfCDK(t.Resolve(properties.Get("Code")).Get("ImageUri"))
	}
	if built != nil {
		built.Instead = fmt.Sprintf("new lambda.Function with runtime: lambda.Runtime.%s, handler: '%s' and code: lambda.Code.fromAsset(the folder of the Dockerfile), or CDK's NodejsFunction, instead of DockerImageFunction",
			strings.ToUpper(strings.NewReplacer("nodejs", "nodejs_", ".", "_").Replace(built.Runtime)), built.Handler)
	}
	return built
}

// builtBySAM is the image that SAM builds of a function's Dockerfile.
// Source: docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html
func (t *template) builtBySAM(metadata *yamltree.Value) *analyzer.PlainImage {
	file, context := t.Resolve(metadata.Get("Dockerfile")), t.Resolve(metadata.Get("DockerContext"))
	if !file.Scalar() || !context.Scalar() || metadata.Get("DockerBuildArgs").Has() || metadata.Get("DockerBuildTarget").Has() {
		return nil
	}
	return t.dockerfile(context.Text, file.Text)
}

// builtByCDK is the image of a CDK app, whose synthesis puts a copy of the folder beside the
// template. The CDK command has it write into the function's metadata where that is.
// Source: addResourceMetadata in aws-ecr-assets/lib/image-asset.ts of aws-cdk-lib 2.
func (t *template) builtByCDK(metadata *yamltree.Value) *analyzer.PlainImage {
	folder, file := metadata.Get("aws:asset:path"), metadata.Get("aws:asset:dockerfile-path")
	if !folder.Scalar() || metadata.Get("aws:asset:docker-build-args").Has() || metadata.Get("aws:asset:docker-build-target").Has() {
		return nil
	}
	name := "Dockerfile"
	if file.Scalar() {
		name = file.Text
	}
	return t.dockerfile(folder.Text, name)
}

// maxAssets is far larger than the list of the assets of any stack, in bytes.
const maxAssets = 16 << 20

// assetOfCDK is the image whose digest is the tag of a function's image, by the list of assets
// that CDK writes beside the template.
// Source: docs.aws.amazon.com/cdk/v2/guide/assets.html, cloud-assembly-schema/lib/assets/docker-image-asset.ts
func (t *template) assetOfCDK(uri *yamltree.Value) *analyzer.PlainImage {
	stack, isTemplate := strings.CutSuffix(path.Base(t.File), ".template.json")
	sub := uri.Get("Fn::Sub")
	if !isTemplate || !sub.Scalar() {
		return nil
	}
	text, err := t.Read(path.Join(t.Dir, stack+".assets.json"), maxAssets)
	if err != nil {
		return nil
	}
	assets, err := yamltree.ParseJSON(text)
	if err != nil {
		return nil
	}
	source := assets.Get("dockerImages").Get(sub.Text[strings.LastIndex(sub.Text, ":")+1:]).Get("source")
	folder, name := source.Get("directory"), "Dockerfile"
	if source == nil || slices.ContainsFunc(source.Keys, func(k yamltree.Key) bool { return !plainAsset[k.Name] }) || !folder.Scalar() {
		return nil
	}
	if file := source.Get("dockerFile"); file.Scalar() {
		name = file.Text
	}
	return t.dockerfile(folder.Text, name)
}

// plainAsset are the settings of an image that do not change what is in it.
var plainAsset = map[string]bool{"directory": true, "dockerFile": true, "platform": true}

// dockerfile reads a Dockerfile in a folder beside the template.
func (t *template) dockerfile(folder, name string) *analyzer.PlainImage {
	if path.IsAbs(folder) || path.IsAbs(name) {
		return nil
	}
	folder = path.Join(t.Dir, folder)
	if !projectfs.Inside(folder) {
		return nil
	}
	return declared.ReadImage(t.FS, path.Join(folder, name), folder)
}
