package node

import (
	"fmt"
	"github.com/evanw/esbuild/pkg/api"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestOracle(t *testing.T) {
	dir := os.Getenv("SCRATCH")
	if dir == "" {
		t.Skip()
	}
	n, bad, sp := 0, 0, 0
	re := regexp.MustCompile(`FPDIR|FPFILE`)
	rq := regexp.MustCompile(`FPREQ\(\s*["']`)
	filepath.Walk(dir, func(p string, i os.FileInfo, err error) error {
		if err != nil || i.IsDir() {
			return nil
		}
		if !(strings.HasSuffix(p, ".js") || strings.HasSuffix(p, ".mjs") || strings.HasSuffix(p, ".cjs")) {
			return nil
		}
		b, _ := os.ReadFile(p)
		s := string(b)
		if len(b) > 1000000 {
			return nil
		}
		has := strings.Contains(s, "__dirname") || strings.Contains(s, "__filename")
		if !has && n%1 != 0 {
			return nil
		}
		r := api.Transform(s, api.TransformOptions{Loader: api.LoaderJS, Define: map[string]string{"__dirname": "FPDIR", "__filename": "FPFILE", "require": "FPREQ"}, Target: api.ESNext})
		if len(r.Errors) > 0 {
			return nil
		}
		out := string(r.Code)
		n++
		if has {
			want := len(re.FindAllString(out, -1)) - len(re.FindAllString(s, -1))
			fs := os.DirFS(dir)
			res, e := trace(Module{Path: "a.js", Source: b, PackageDir: ".", CWD: ".", Target: linuxX64}, fs, nil)
			if e != nil {
				return nil
			}
			got := 0
			for _, x := range res.Edits {
				if x.What == "dirname" || x.What == "filename" {
					tx := s[x.Start:x.End]
					if tx == "__dirname" || tx == "__filename" {
						got++
					} else if !strings.Contains(tx, ".") {
						fmt.Println("TEXT", p, tx)
					}
				}
			}
			if got != want {
				bad++
				fmt.Println(p[len(dir):], "got", got, "want", want)
			}
		}
		want := len(rq.FindAllString(out, -1))
		got := 0
		for _, x := range Specifiers(b) {
			if x.Kind == "require" && !strings.HasPrefix(s[x.Start:], "`") {
				got++
				if !strings.ContainsAny(s[x.Start:x.Start+1], "'\"(") {
					fmt.Println("POS", p)
				}
			}
		}
		if got != want {
			sp++
			if sp < 15 {
				fmt.Println(p[len(dir):], "specifiers got", got, "want", want)
			}
		}
		return nil
	})
	fmt.Println(n, "files", bad, "edits differ", sp, "specifiers differ")
}
