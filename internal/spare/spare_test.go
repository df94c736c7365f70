package spare_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/spare"
)

type tool struct{ used int }

func TestAToolIsUsedAgain(t *testing.T) {
	t.Parallel()
	made := 0
	tools := spare.New(func() *tool { made++; return &tool{} })
	first := tools.Take()
	second := tools.Take()
	require.NotSame(t, first, second, "a tool is one piece of work's")
	tools.Put(first)
	runtime.GC()
	require.Same(t, first, tools.Take(), "it lies there though memory was collected")
	require.Equal(t, 2, made)
	for range 100 {
		tools.Put(&tool{}) // those too many are let go, and nothing waits
	}
}

func TestToolsAreTakenByOneAtATime(t *testing.T) {
	t.Parallel()
	tools := spare.New(func() *tool { return &tool{} })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				taken := tools.Take()
				taken.used++ // the race detector sees two at once
				tools.Put(taken)
			}
		})
	}
	all.Wait()
}
