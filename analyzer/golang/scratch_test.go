package golang
import ("testing";"fmt";"os";"strings")
func TestScratch(t *testing.T){
  a := cut(t, build(t, "minimal", "amd64"))
  r := &typeReader{image: a.image, owners: a.owners, base: a.module.types, low: a.module.types, high: a.module.etypes, byAddr: map[uint64]*goType{}, budget: 1<<30}
  types,names,other,imp:=0,0,0,0
  var end uint64
  for _,g:=range a.regions { if g.kind==Strings {end=g.start}}
  nm:=map[string]int{}
  for _,n:=range a.nodes { if n.kind!=Types||n.start>=end {continue}
    if ty:=r.read(n.start); ty!=nil && n.start%8==0 { types++; s,_:=r.name(ty.names[0]); nm[s]++; continue }
    if b:=r.nameBytes(n.start); b!=nil && n.start+uint64(len(b))==n.end { names++; s,_:=r.name(n.start); if b[0]==0&&strings.Contains(s,"/") {imp++}; continue}
    other++
    if other<10 { fmt.Printf("%x-%x %q\n",n.start,n.end,a.image.bytes(n.start,min(n.end-n.start,60)))}
  }
  fmt.Println(types,names,imp,other)
  dep,_:=os.ReadFile("/tmp/goattr/min.dep")
  k:=map[string]bool{}
  for _,l:=range strings.Split(string(dep),"\n") { _,to,_:=strings.Cut(l," -> "); to,_=splitFlags(to); k[to]=true }
  dt,dn,di,de:=0,0,0,0
  for s:=range k { switch { case strings.HasPrefix(s,"type:.namedata"): dn++; case strings.HasPrefix(s,"type:.importpath"): di++; case strings.HasPrefix(s,"type:.eq"),strings.HasPrefix(s,"type:.hash"): de++; case strings.HasPrefix(s,"type:"): dt++}}
  fmt.Println(dt,dn,di,de)
}
