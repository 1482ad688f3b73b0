package node
import ("testing";"os";"fmt";"strings";"path";"sort")
func TestNFT(t *testing.T){
 d:=os.Getenv("SCRATCH"); list:=os.Getenv("LIST"); if list==""{t.Skip()}
 f:=os.DirFS(d)
 b,_:=os.ReadFile(list)
 by:=map[string][]string{}
 for _,l:=range strings.Split(strings.TrimSpace(string(b)),"\n"){ p,x,_:=strings.Cut(l,"\t"); by[p]=append(by[p],x)}
 var ps []string; for p:=range by{ps=append(ps,p)}; sort.Strings(ps)
 for _,p:=range ps {
  ours:=map[string]bool{}; keep:=map[string]bool{}; theirs:=map[string]bool{}
  for _,x:=range by[p]{
   theirs[x]=true
   e:=path.Ext(x)
   if e!=".js"&&e!=".cjs"&&e!=".mjs"{continue}
   src,err:=os.ReadFile(d+"/"+x); if err!=nil{continue}
   m:=Module{Path:x,Source:src,CWD:".",Target:linuxX64,Runtime:"nodejs22.x"}
   tt:=&tracer{files:f,scripts:map[string]any{}}
   m.PackageDir=tt.packageOf(m.Dir())
   if i := strings.LastIndex(m.Path, "node_modules/"); i >= 0 { rest := strings.Split(m.Path[i+len("node_modules/"):], "/"); k := 1; if strings.HasPrefix(rest[0], "@") { k = 2 }; m.PackageDir = m.Path[:i] + "node_modules/" + strings.Join(rest[:k], "/") }
   r,err:=Trace(m,f,onDisk{tt}); if err!=nil{fmt.Println(x,err);continue}
   for _,a:=range r.Assets{for _,y:=range a.Files{ours[y]=true}}
   for _,a:=range r.Addons{for _,c:=range a.Candidates{ours[c.Path]=true; for _,l:=range Libraries(f,c.Path){ours[l]=true}}}
   for _,a:=range r.Modules{for _,c:=range a.Candidates{ours[c.Path]=true}}
   for _,u:=range r.Uncertain{ if !u.Module {keep[m.PackageDir]=true}}
  }
  var miss,more []string
  for x:=range theirs { e:=path.Ext(x); if e==".js"||e==".cjs"||e==".mjs"||path.Base(x)=="package.json"{continue}
   if ours[x]{continue}
   kept:=false; for k:=range keep{ if strings.HasPrefix(x,k+"/"){kept=true}}
   if kept {x="(kept) "+x}
   miss=append(miss,x)}
  for x:=range ours{ e:=path.Ext(x); if !theirs[x] && e!=".js"&&e!=".cjs"&&e!=".mjs" {more=append(more,x)}}
  sort.Strings(miss);sort.Strings(more)
  if len(miss)>0||len(more)>0||len(keep)>0 { fmt.Println("==",p,"missing",len(miss),trim(miss),"more",len(more),trim(more),"keep",keep) }
 }
}
func trim(s []string)[]string{ if len(s)>6{s=s[:6]}; return s}
