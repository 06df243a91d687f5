// When the page has drawn all that the store was told so far.
//
// Only then may a property be told another value. A component that keeps a copy of it, as a slider does,
// follows the store in an effect, and what an effect sets is drawn later than what comes into the store
// meanwhile. A slider at 71 that is told 0 and, before its copy is drawn, 71 again, sees no change in the
// 71 and ends at 0, for good.
//
// React's own tasks have the priority "normal" or a greater one. So what is given to its scheduler with a
// lower one comes after all of them, also those that they give rise to; yet it comes, after ten seconds,
// in a page that never rests. The scheduler is not a public interface. Versions are pinned; and where it
// is not found, some time has to do.

const LOW_PRIORITY = 4;
const FALLBACK_MS = 50;

export function whenDrawn(then) {
  const internals = Object.values(window.React).find((value) => value.Scheduler);

  if (internals)
    // Not within the scheduler's loop, where React does not draw what the store is told.
    internals.Scheduler.unstable_scheduleCallback(LOW_PRIORITY, () => queueMicrotask(then));
  else
    setTimeout(then, FALLBACK_MS);
}
