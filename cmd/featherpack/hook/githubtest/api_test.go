package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// githubToken is the token of the steps that may comment.
const githubToken = "ghs_token-of-the-run"

// ourLogin is the author of comments made with that token.
const ourLogin = "github-actions[bot]"

// githubAPI is the part of GitHub's API that comments need. Source:
// docs.github.com/en/rest/issues/comments, docs.github.com/en/rest/pulls/pulls
type githubAPI struct {
	*httptest.Server
	mu       sync.Mutex
	comments []apiComment
	pulls    []map[string]any
	// fail returns a status to answer a request with, or 0 to answer it normally.
	fail func(n int, r *http.Request) int
	// requests lists "METHOD path?query" in order. writes lists the ones that changed
	// something.
	requests, writes []string
	strangers        int // requests without our token
}

type apiComment struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

func newGitHubAPI(t *testing.T) *githubAPI {
	t.Helper()
	api := &githubAPI{}
	api.Server = httptest.NewServer(http.HandlerFunc(api.serve))
	t.Cleanup(api.Close)
	return api
}

func (a *githubAPI) comment(login, body string) {
	c := apiComment{ID: int64(1000 + len(a.comments)), Body: body}
	c.User.Login = login
	a.comments = append(a.comments, c)
}

func (a *githubAPI) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = append(a.requests, r.Method+" "+r.URL.RequestURI())
	answer := func(status int, body any) {
		w.Header().Set("content-type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	if r.Header.Get("authorization") != "Bearer "+githubToken {
		a.strangers++
		answer(401, map[string]string{"message": "Bad credentials"})
		return
	}
	if a.fail != nil {
		if status := a.fail(len(a.requests), r); status != 0 {
			answer(status, map[string]string{"message": "made\nup::error::x"})
			return
		}
	}
	var sent struct{ Body string }
	if r.Method != http.MethodGet {
		a.writes = append(a.writes, r.Method+" "+r.URL.Path)
		if json.NewDecoder(r.Body).Decode(&sent) != nil || sent.Body == "" || len([]rune(sent.Body)) > 65536 {
			answer(422, map[string]string{"message": "Validation Failed"})
			return
		}
	}
	const repository = "/repos/acme/shop"
	path, ours := strings.CutPrefix(r.URL.Path, repository)
	switch {
	case ours && r.Method == http.MethodGet && path == "/issues/7/comments":
		answer(200, page(r, a.comments))
	case ours && r.Method == http.MethodPost && path == "/issues/7/comments":
		a.comment(ourLogin, sent.Body)
		answer(201, a.comments[len(a.comments)-1])
	case ours && r.Method == http.MethodPatch && strings.HasPrefix(path, "/issues/comments/"):
		for i := range a.comments {
			if strings.TrimPrefix(path, "/issues/comments/") == fmt.Sprint(a.comments[i].ID) {
				a.comments[i].Body = sent.Body
				answer(200, a.comments[i])
				return
			}
		}
		answer(404, map[string]string{"message": "Not Found"})
	case ours && r.Method == http.MethodGet && path == "/pulls":
		answer(200, page(r, a.pulls))
	default:
		answer(404, map[string]string{"message": "Not Found"})
	}
}

func page[T any](r *http.Request, all []T) []T {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	from := min((number-1)*size, len(all))
	return append([]T{}, all[from:min(from+size, len(all))]...)
}
