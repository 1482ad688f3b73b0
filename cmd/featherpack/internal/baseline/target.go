package baseline

import (
	"cmp"
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

// targetVariables are the environment variables in which CI systems (GitHub, GitLab,
// Bitbucket, Azure, Jenkins) give the branch that a change will be merged into.
var targetVariables = []string{
	"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "BITBUCKET_PR_DESTINATION_BRANCH",
	"SYSTEM_PULLREQUEST_TARGETBRANCH", "CHANGE_TARGET",
}

// Variables lists all environment variables that [Find] reads.
func Variables() []string {
	return slices.Concat(targetVariables, []string{
		"GITHUB_EVENT_PATH", "GITHUB_SHA", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA",
	})
}

// mergeTarget finds the commit that a change will be merged into, on CI: the first
// parent of the merge commit that CI made and checked out, or else the merge base
// with the target branch. If this is not CI, ref is "" and method has the reason.
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
		return "", "neither --compare-to nor --compare-ref is given, and no CI variable names the target branch", nil
	}
	// The author may have made the merge commit at HEAD. It is CI's only if its
	// second parent is the change's last commit.
	changed := event.PullRequest.Head.SHA
	if changed == "" { // set in GitLab's pipelines for merged results
		changed = os.Getenv("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
	}
	if parents, err := g.Run(ctx, "rev-list", "--parents", "-n", "1", "HEAD"); err == nil {
		if hashes := strings.Fields(parents); len(hashes) == 3 && (hashes[2] == changed || changed == "" && hashes[0] == os.Getenv("GITHUB_SHA")) {
			return hashes[1], "first parent of the merge commit", nil
		}
	}
	for _, name := range []string{cmp.Or(g.Remote(ctx), "origin") + "/" + target, target} {
		if base, err := g.Run(ctx, "merge-base", "--end-of-options", "HEAD", name); err == nil {
			return base, "merge base with " + target, nil
		}
	}
	// GitLab does not fetch the target branch, but gives the merge base.
	if base := os.Getenv("CI_MERGE_REQUEST_DIFF_BASE_SHA"); base != "" {
		if _, err := g.Commit(ctx, base); err == nil {
			return base, "merge base with " + target + ", from GitLab's CI_MERGE_REQUEST_DIFF_BASE_SHA", nil
		}
	}
	d := analyzer.Usage(fmt.Sprintf("this checkout has no common history with %s", target), g.FetchCommand(ctx, target))
	if g.Shallow(ctx) {
		d.Message = fmt.Sprintf("this shallow checkout does not reach back to %s", target)
	}
	return "", "", d
}

// event holds the fields that are read from the event of a GitHub workflow.
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

// maxEvent limits the size of the event's file. GitHub sends at most 25 MB.
const maxEvent = 25 << 20

// readEvent reads an event. It returns the zero event if there is none or the file
// is invalid, because the environment variables hold the same information.
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
