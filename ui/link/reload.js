// Loads the page anew, but not over and over: when a reload did not help, the next one waits.

const AT_MOST_EVERY_MS = 10000;
const KEY = 'vizyd-reloaded-at';

let planned = false;

export function reloadPage() {
  if (planned)
    return;
  planned = true;
  setTimeout(() => {
    remember(Date.now());
    window.location.reload();
  }, waitBeforeReload(recall(), Date.now()));
}

// How long to wait at @now when the page was last reloaded at @last (null: not that we know).
export function waitBeforeReload(last, now) {
  // A clock that was set back must not keep the page from ever reloading.
  if (last === null || last > now)
    return 0;
  return Math.max(0, last + AT_MOST_EVERY_MS - now);
}

// A page may be refused its storage. Then every load might be our own doing, so the page's age counts.
function recall() {
  try {
    const value = Number(window.sessionStorage.getItem(KEY));
    return value > 0 ? value : null;
  } catch {
    return Date.now() - performance.now();
  }
}

function remember(time) {
  try {
    window.sessionStorage.setItem(KEY, String(time));
  } catch {
    // recall() knows what to do.
  }
}
