package advise

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/trial"
)

// adviceOf returns the advice about every function below a folder.
func adviceOf(t *testing.T, root string, trials int) (all []Advised) {
	t.Helper()
	questions, err := trial.AboutAll(manifest.Discover(root, manifest.Options{}), pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = trial.Shared(t.Context(), questions, func(q trial.Question) {
		a, err := Ask(t.Context(), Question{Question: q, Trials: trials})
		if err != nil {
			t.Fatal(err)
		}
		new(Silencer).Silence(&a)
		all = append(all, a)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The size of a program with a stand-in for a dependency matches the size of the same
// program written without the dependency.
func TestStandIns(t *testing.T) {
	if testing.Short() {
		t.Skip("links a program several times")
	}
	root := t.TempDir()
	const (
		head = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n"
		main = "\nfunc main() {\n\ttitle := feed.Parse(os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")).Title()\n" +
			"\tfmt.Println(title, tables.Read[string](title))\n}\n"
	)
	for name, text := range map[string]string{
		"featherpack.yaml": "functions:\n  with: {entry: ./cmd/with, runtime: provided.al2023, arch: x86_64}\n" +
			"  without: {entry: ./cmd/without, runtime: provided.al2023, arch: x86_64}\n",
		"go.mod": "module example.org/svc\n\ngo 1.26\n\n" +
			"require (\n\texample.com/feed v1.2.0\n\texample.com/table v1.0.0\n)\n",
		"vendor/modules.txt": "# example.com/feed v1.2.0\n## explicit; go 1.26\nexample.com/feed\n" +
			"# example.com/table v1.0.0\n## explicit; go 1.26\nexample.com/table\n",
		"cmd/with/main.go": head + "\n\t\"example.com/feed\"\n\ttables \"example.com/table\"\n)\n" + main,
		"cmd/without/main.go": head + ")\n" + strings.NewReplacer("feed.", "", "tables.", "").Replace(main) + `
type Feed struct{}

//go:noinline
func (Feed) Title() string { panic(1) }

//go:noinline
func Parse(string) Feed { panic(1) }

//go:noinline
func Read[T any](string) T { panic(1) }
`,
		"vendor/example.com/feed/feed.go": `package feed

import "encoding/xml"

type Feed struct{ Channel struct{ Title string } }

func (f Feed) Title() string { return f.Channel.Title }

func Parse(s string) (f Feed) {
	xml.Unmarshal([]byte(s), &f)
	return f
}
`,
		"vendor/example.com/table/table.go": `package table

import (
	"encoding/gob"
	"strings"
)

func Read[T any](s string) (t T) {
	gob.NewDecoder(strings.NewReader(s)).Decode(&t)
	return t
}
`,
	} {
		clitest.Write(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	all := adviceOf(t, root, 9)
	if len(all) != 2 {
		t.Fatalf("advice about %d functions", len(all))
	}
	with, without := all[0], all[1]
	var saved int64
	for _, want := range []struct {
		dependency, at string
		calls          []string
	}{
		{"example.com/table", "cmd/with/main.go:8:2", []string{"Read"}},
		{"example.com/feed", "cmd/with/main.go:7:2", []string{"Feed.Title", "Parse"}},
	} {
		i := slices.IndexFunc(with.Advice, func(a Advice) bool {
			return a.Code == "heavy-dependency" && strings.HasPrefix(a.What, want.dependency+" ")
		})
		if i < 0 {
			t.Fatalf("no advice about %s\n%+v", want.dependency, all)
		}
		a := with.Advice[i]
		if a.Position.String() != want.at || !slices.Equal(a.Calls, want.calls) ||
			a.Saves == nil || !a.Most || a.Holds == nil || a.Holds.Unzipped < 50_000 {
			t.Fatalf("%+v", a)
		}
		t.Logf("%s: measured %d B, holds %d B", want.dependency, a.Saves.Unzipped, a.Holds.Unzipped)
		saved += a.Saves.Unzipped
	}
	// The second saving is measured on top of the first, so their sum is the saving
	// without both dependencies.
	byHand := with.Before.Unzipped - without.Before.Unzipped
	t.Logf("measured %d B together, %d B by removing them by hand", saved, byHand)
	if off := saved - byHand; off < -8192 || off > 8192 {
		t.Errorf("measured %d B, but removing them by hand saves %d B", saved, byHand)
	}
	text, err := os.ReadFile(filepath.Join(root, "cmd/with/main.go"))
	if err != nil || string(text) != head+"\n\t\"example.com/feed\"\n\ttables \"example.com/table\"\n)\n"+main {
		t.Error("the project was changed")
	}
}
