package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestScratch(t *testing.T) {
	dir := os.Getenv("SCRATCH")
	if dir == "" {
		t.Skip()
	}
	only := os.Getenv("ONLY")
	quiet := os.Getenv("QUIET") != ""
	fsys := os.DirFS(dir)
	var n, trig, errs int
	var bytes, tbytes int
	var dur, sdur time.Duration
	filepath.Walk(dir, func(p string, i os.FileInfo, err error) error {
		if err != nil || i.IsDir() {
			return nil
		}
		if !(strings.HasSuffix(p, ".js") || strings.HasSuffix(p, ".mjs") || strings.HasSuffix(p, ".cjs")) {
			return nil
		}
		rel, _ := filepath.Rel(dir, p)
		if only != "" && !strings.Contains(rel, only) {
			return nil
		}
		b, _ := os.ReadFile(p)
		t0 := time.Now()
		tr := Triggered(b)
		sdur += time.Since(t0)
		n++
		bytes += len(b)
		if !tr {
			if os.Getenv("CHECK") != "" {
				m := Module{Path: rel, Source: b, PackageDir: ".", CWD: ".", Target: linuxX64, Runtime: "nodejs22.x"}
				r, e := trace(m, fsys, nil)
				if e == nil {
					if x := told(r, ""); len(x) > 0 || len(r.Edits) > 0 {
						fmt.Println("MISSED", rel, x, r.Edits)
					}
				}
			}
			return nil
		}
		trig++
		tbytes += len(b)
		m := Module{Path: rel, Source: b, CWD: ".", Target: linuxX64, Runtime: "nodejs22.x"}
		tt := &tracer{files: fsys, scripts: map[string]any{}}
		m.PackageDir = tt.packageOf(m.Dir())
		if i := strings.LastIndex(m.Path, "node_modules/"); i >= 0 {
			rest := strings.Split(m.Path[i+len("node_modules/"):], "/")
			k := 1
			if strings.HasPrefix(rest[0], "@") {
				k = 2
			}
			m.PackageDir = m.Path[:i] + "node_modules/" + strings.Join(rest[:k], "/")
		}
		t0 = time.Now()
		r, e := Trace(m, fsys, onDisk{tt})
		d := time.Since(t0)
		dur += d
		if d > 500*time.Millisecond {
			fmt.Println("SLOW", rel, d, len(b))
		}
		if e != nil {
			errs++
			fmt.Println(rel, e)
			return nil
		}
		if !quiet {
			x := told(r, string(b))
			for _, l := range x {
				if len(l) > 300 {
					l = l[:300]
				}
				fmt.Println(rel + ": " + l)
			}
		}
		return nil
	})
	fmt.Println(n, "files", trig, "triggered", tbytes/1e3, "of", bytes/1e3, "KB; scan", float64(bytes)/1e6/sdur.Seconds(), "MB/s; trace", float64(tbytes)/1e6/dur.Seconds(), "MB/s", errs, "errors")
}
