package baseline

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/git"
)

// targetVariables are where CI systems say which branch a change is to be
// merged into: GitHub, GitLab, Bitbucket, Azure, Jenkins.
var targetVariables = []string{
	"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH",
	"SYSTEM_PULLREQUEST_TARGETBRANCH", "CHANGE_TARGET",
}

// Variables lists every variable of the environment that [Find] reads.
func Variables() []string {
	return slices.Concat(targetVariables, []string{
		"GITHUB_EVENT_PATH", "GITHUB_SHA", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA",
	})
}

// mergeTarget finds, on CI, what a change is to be merged into: the first parent
// of the merge commit that CI made and checked out, else the merge base with the
// target branch. Elsewhere there is none, and method says so.
func mergeTarget(ctx context.Context, g *git.Checkout) (ref, method string, err error) {
	event := readEvent(os.Getenv("GITHUB_EVENT_PATH"))
	if base := event.MergeGroup.BaseSHA; base != "" {
		return base, "base of the merge queue's group", nil
	}
	target := event.PullRequest.Base.Ref
	for _, name := range targetVariables {
		if value := os.Getenv(name); value != "" && target == "" {
			target = strings.TrimPrefix(value, "refs/heads/")
		}
	}
	if target == "" {
		return "", "neither --compare-to nor --compare-ref is given, and no CI says what this is to be merged into", nil
	}
	// A merge commit at HEAD may be the author's own. Only one whose second
	// parent is the change's last commit was made by CI.
	changed := event.PullRequest.Head.SHA
	if changed == "" { // set in GitLab's pipelines for merged results
		changed = os.Getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
	}
	if parents, err := g.Run(ctx, "rev-list", "--parents", "-n", "1", "HEAD"); err == nil {
		if hashes := strings.Fields(parents); len(hashes) == 3 && (hashes[2] == changed || changed == "" && hashes[0] == os.Getenv("GITHUB_SHA")) {
			return hashes[1], "first parent of the merge commit", nil
		}
	}
	for _, name := range []string{"origin/" + target, target} {
		if base, err := g.Run(ctx, "merge-base", "--end-of-options", "HEAD", name); err == nil {
			return base, "merge base with " + target, nil
		}
	}
	// GitLab fetches no target branch, and says what the merge base is.
	if base := os.Getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"); base != "" {
		if _, err := g.Commit(ctx, base); err == nil {
			return base, "merge base with " + target + ", as GitLab names it", nil
		}
	}
	d := analyzer.Usage(fmt.Sprintf("this checkout has no common history with %s", target), "git fetch origin "+target)
	if g.Shallow(ctx) {
		d.Message = fmt.Sprintf("this shallow checkout does not reach back to %s", target)
		d.Hint = "git fetch --unshallow origin " + target + git.Deeper
	}
	return "", "", d
}

// event is what is read of the event that started a GitHub workflow.
// Source: docs.github.com, "Webhook events and payloads"
type event struct {
	PullRequest struct {
		Base struct {
			Ref string `json:"ref"`
		} `json:"base"`
		Head struct {
			SHA string `json:"sha"`
		} `json:"head"`
	} `json:"pull_request"`
	MergeGroup struct {
		BaseSHA string `json:"base_sha"`
	} `json:"merge_group"`
}

// maxEvent bounds the event's file; GitHub sends no more than 25 MB.
const maxEvent = 25 << 20

// readEvent reads an event, the zero one where there is none or it is none of
// GitHub's: the variables say the same.
func readEvent(name string) event {
	var e event
	if name == "" {
		return e
	}
	f, err := os.Open(name)
	if err != nil {
		return e
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxEvent)).Decode(&e); err != nil {
		return event{}
	}
	return e
}
